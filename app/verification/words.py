"""The report in plain words for the citizen (zh-CN)."""

from collections.abc import Mapping

from app.core.clock import legal_date
from app.core.money import fen_to_yuan
from app.facts import FactKey, Item, Unit
from app.partners.registry import AGENCIES
from app.verification.comparison import Difference
from app.verification.lifecycle import Status
from app.verification.report import Content, Entry, Field
from app.verification.values import PlainValue

ITEMS: Mapping[Item, str] = {
    Item.IDENTITY: "身份核验",
    Item.HOUSEHOLD_REGISTER: "户籍登记",
    Item.VEHICLES: "机动车登记",
    Item.MARRIAGE: "婚姻登记",
    Item.DEATHS: "殡葬（死亡）登记",
    Item.BENEFITS: "正在享受的社会救助",
    Item.SOCIAL_INSURANCE: "社会保险",
    Item.REAL_ESTATE: "不动产登记",
    Item.INCOME: "纳税申报的收入",
    Item.BUSINESSES: "市场主体登记",
    Item.PROVIDENT_FUND: "住房公积金",
    Item.DISABILITY: "残疾人证",
    Item.FARMING: "农机与惠农补贴",
    Item.RELOCATION: "易地扶贫搬迁",
    Item.DEPOSITS: "银行存款",
    Item.SECURITIES: "证券资产",
    Item.INSURANCE: "商业保险",
    Item.WALLETS: "非银行支付账户",
    Item.MEDICAL_INSURANCE: "医疗保险与自付费用",
    Item.EDUCATION: "学籍与学生资助",
    Item.OTHER_PROVINCE: "户籍地（外省）核对",
}

SOURCES: Mapping[str, str] = {
    "housing": "住房和城乡建设部门",  # named in reports from before real estate and the fund were asked apart
    **{agency.code: agency.title for agency in AGENCIES},
}

FIELDS: Mapping[FactKey, str] = {
    FactKey.REGISTERED_NAME: "登记姓名",
    FactKey.BIRTH_DATE: "出生日期",
    FactKey.HUKOU_DIVISION: "户籍所在村（社区）",
    FactKey.HUKOU_HOUSEHOLD: "户号",
    FactKey.HUKOU_ADDRESS: "户籍地址",
    FactKey.VEHICLE_COUNT: "机动车数量",
    FactKey.MARITAL_STATUS: "婚姻状况",
    FactKey.DECEASED_ON: "死亡日期",
    FactKey.BENEFITS_IN_FORCE: "正在享受的救助",
    FactKey.PENSION_MONTHLY: "每月领取的养老金",
    FactKey.INSURED_WAGE_MONTHLY: "单位参保的月缴费工资",
    FactKey.UNEMPLOYMENT_MONTHLY: "每月领取的失业保险金",
    FactKey.TAXED_WAGES_YEAR: "近十二个月申报的工资薪金",
    FactKey.INVOICED_YEAR: "近十二个月开票金额",
    FactKey.TAXED_PROPERTY_YEAR: "近十二个月申报的财产性收入",
    FactKey.BUSINESS_COUNT: "经营主体数量",
    FactKey.DISABILITY_KIND: "残疾类别",
    FactKey.DISABILITY_GRADE: "残疾等级",
    FactKey.MACHINERY_COUNT: "农业机械数量",
    FactKey.FARM_SUBSIDIES_YEAR: "近十二个月发放的惠农补贴",
    FactKey.RELOCATED_TO: "搬迁安置地",
    FactKey.RELOCATED_ON: "搬迁入住日期",
    FactKey.DWELLING_COUNT: "房屋套数",
    FactKey.DWELLING_AREA: "房屋面积合计",
    FactKey.PROVIDENT_FUND_MONTHLY: "公积金月缴存额",
    FactKey.PROVIDENT_FUND_BALANCE: "公积金余额",
    FactKey.DEPOSIT_BALANCE: "存款余额合计",
    FactKey.DEPOSIT_ACCOUNTS: "银行账户数量",
    FactKey.SECURITIES_VALUE: "证券资产市值合计",
    FactKey.INSURANCE_CASH_VALUE: "商业保险现金价值合计",
    FactKey.WALLET_BALANCE: "支付账户余额合计",
    FactKey.MEDICAL_INSURANCE_STATUS: "医疗保险参保状态",
    FactKey.MEDICAL_OUT_OF_POCKET_YEAR: "近十二个月个人自付医疗费用",
    FactKey.CHRONIC_DISEASE: "门诊慢特病备案",
    FactKey.SERIOUS_DISEASE: "重特大疾病备案",
    FactKey.ENROLLED: "是否在读",
    FactKey.SCHOOL_NAME: "就读学校",
    FactKey.SCHOOL_STAGE: "就读阶段",
    FactKey.BOARDING: "是否寄宿",
    FactKey.SCHOOL_AID_YEAR: "近十二个月发放的学生资助",
    FactKey.ELSEWHERE_BENEFITS: "在外省享受的救助",
    FactKey.ELSEWHERE_DWELLING_COUNT: "外省房屋套数",
    FactKey.ELSEWHERE_VEHICLE_COUNT: "外省机动车数量",
    FactKey.ELSEWHERE_BUSINESS_COUNT: "外省经营主体数量",
}

_CODES: Mapping[str, str] = {
    "single": "未婚",
    "married": "已婚",
    "divorced": "离异",
    "widowed": "丧偶",
    "visual": "视力残疾",
    "hearing": "听力残疾",
    "speech": "言语残疾",
    "physical": "肢体残疾",
    "intellectual": "智力残疾",
    "mental": "精神残疾",
    "multiple": "多重残疾",
    "living_allowance": "最低生活保障",
    "edge_family": "低保边缘家庭救助",
    "destitute_support": "特困人员救助供养",
    "rigid_expense_family": "刚性支出困难家庭",
    "temporary_aid": "临时救助",
    "disability_subsidies": "残疾人两项补贴",
    "orphan_support": "孤儿基本生活保障",
    "employees": "职工基本医疗保险",
    "residents": "城乡居民基本医疗保险",
    "lapsed": "参保中断",
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中等职业学校",
    "college": "专科",
    "bachelor": "本科",
    "postgraduate": "研究生",
}

_COUNTED: Mapping[FactKey, str] = {
    FactKey.VEHICLE_COUNT: "辆",
    FactKey.DWELLING_COUNT: "套",
    FactKey.DEPOSIT_ACCOUNTS: "个",
    FactKey.BUSINESS_COUNT: "个",
    FactKey.MACHINERY_COUNT: "台",
    FactKey.ELSEWHERE_DWELLING_COUNT: "套",
    FactKey.ELSEWHERE_VEHICLE_COUNT: "辆",
    FactKey.ELSEWHERE_BUSINESS_COUNT: "个",
}

# What the register measures there is not what the form asks.
_WHETHER_ANY = frozenset({FactKey.INSURED_WAGE_MONTHLY, FactKey.PROVIDENT_FUND_MONTHLY})

_CONCLUSIONS: Mapping[Difference, str] = {
    Difference.MATCH: "与您的申报一致",
    Difference.MORE: "多于您的申报",
    Difference.LESS: "少于您的申报",
    Difference.DIFFERS: "与您的申报不一致",
    Difference.MISSING: "您已申报，但该部门没有相应记录",
    Difference.NOT_DECLARED: "您没有申报此项",
    Difference.UNKNOWN: "暂时无法比对",
}

_OF_ANOTHER: Mapping[Difference, str] = {
    Difference.MATCH: "与申报一致",
    Difference.UNKNOWN: "暂时无法比对",
    **dict.fromkeys(
        (Difference.MORE, Difference.LESS, Difference.DIFFERS, Difference.MISSING, Difference.NOT_DECLARED),
        "与申报不一致",
    ),
}


def show(field: Field, value: PlainValue) -> str:
    """Write one value for a person."""
    if field.unit is Unit.FEN and isinstance(value, int):
        return f"{fen_to_yuan(value)} 元"
    if field.unit is Unit.SQUARE_CENTIMETRES and isinstance(value, int):
        # The registers give areas to a hundredth of a square metre.
        return f"{value // 10_000}.{value % 10_000 // 100:02d} 平方米"
    if field.unit is Unit.GRADE and isinstance(value, int):
        return "一二三四"[value - 1] + "级"
    if field.unit is Unit.FLAG:
        return "是" if value else "否"
    if field.unit is Unit.COUNT:
        return f"{value} {_COUNTED.get(field.key, '项')}"
    if isinstance(value, tuple):
        return "、".join(_CODES.get(code, "其他救助") for code in value) or "无"
    return _CODES.get(str(value), str(value))


def describe_field(field: Field, entry: Entry) -> str:
    """Say in one sentence what was declared, what was found and how the two stand to each other."""
    label = FIELDS[field.key]
    if entry.outcome == "unavailable":
        return f"{label}：尚未取得结果，不作为没有记录处理。"
    if entry.outcome == "hit" and field.found is None:
        return f"{label}：{SOURCES.get(entry.source, entry.source)}未提供此项。"
    found = "没有查到记录" if field.found is None else f"查到 {show(field, field.found)}"
    if field.difference is None:
        return f"{label}：{found}。"
    if not field.known:
        return f"{label}：您申报时未能说明，{found}。"
    if field.key is FactKey.HUKOU_DIVISION and field.found is not None:
        verdict = "一致" if field.difference is Difference.MATCH else "不一致"
        return f"{label}：户籍登记地与申请所在村（社区）{verdict}。"
    if field.found is None and not field.declared:
        return f"{label}：{found}，{_CONCLUSIONS[Difference.MATCH]}。"
    declared = f"申报 {show(field, field.declared)}" if field.declared else "未申报"
    verdict = _CONCLUSIONS[field.difference]
    if field.difference is Difference.MATCH and field.found != field.declared:
        verdict = _agreeing(field)
    return f"{label}：{declared}，{found}，{verdict}。"


def _agreeing(field: Field) -> str:
    """Say how two values agree that are not the same."""
    if field.key in _WHETHER_ANY and field.declared:
        return "您已申报工资性收入，金额不作比较"
    exceeds = isinstance(field.found, int) and isinstance(field.declared, int) and field.found > field.declared
    return "与您的申报基本一致" if exceeds else "没有超出您的申报"


def withhold_field(field: Field, entry: Entry) -> str:
    """Say of another adult's field whether it differs, and not what was found: that is his to read."""
    label = FIELDS[field.key]
    if entry.outcome == "unavailable":
        return f"{label}：尚未取得结果，不作为没有记录处理。"
    verdict = _OF_ANOTHER.get(field.difference) if field.difference else None
    return f"{label}：{verdict or '已核对'}，具体内容由该成员本人查看。"


def describe_entry(entry: Entry) -> str:
    """Say in one sentence what became of one item."""
    source = SOURCES.get(entry.source, entry.source)
    if entry.outcome == "unavailable":
        if entry.check is None or entry.status is Status.CANCELLED:
            return "授权已撤回，未向该部门查询。"
        return f"{source}暂未答复，经办人员会继续核实；此项不作为没有记录处理。"
    answer = f"{source}已答复：没有相关记录。" if entry.outcome == "none" else f"{source}已答复。"
    return answer + _describe_entered(entry) + describe_asked_again(entry)


def describe_asked_again(entry: Entry) -> str:
    """Say that what stands was asked anew in vain, and until when it holds; nothing where it was not."""
    if entry.asked_again is None or entry.valid_until is None:
        return ""
    asked, until = (
        f"{day.year}年{day.month}月{day.day}日" for day in (legal_date(entry.asked_again.at), entry.valid_until)
    )
    return f"{asked}就此再次询问，尚未获得新的答复；在该部门另有答复之前，此前的答复仍然有效，有效期至{until}。"


def withhold_entry(entry: Entry) -> str:
    """Say of another adult's item whether its source has answered, and not what: that is his to read."""
    if entry.outcome == "unavailable":
        return describe_entry(entry)
    answered = f"{SOURCES.get(entry.source, entry.source)}已答复，具体内容由该成员本人查看。"
    return answered + describe_asked_again(entry)


def _describe_entered(entry: Entry) -> str:
    if entry.entered is None:
        return ""
    if entry.entered.differs:
        return "此前人工录入的结果与该答复不一致，以该部门的答复为准。"
    return "此前人工录入的结果与该答复一致。"


def summarise(content: Content) -> str:
    """Say in a sentence or two what the report comes to; it decides nothing."""
    entries = [entry for person in content.members for entry in person.entries]
    silent = sum(entry.outcome == "unavailable" for entry in entries)
    differing = sum(
        field.difference not in (None, Difference.MATCH, Difference.UNKNOWN)
        for entry in entries
        for field in entry.fields
    )
    contradicted = sum(entry.entered is not None and entry.entered.differs for entry in entries)
    parts = [f"共核对 {len(content.members)} 人 {len(entries)} 项"]
    if silent:
        parts.append(f"其中 {silent} 项尚未取得结果")
    if again := sum(entry.asked_again is not None for entry in entries):
        parts.append(f"有 {again} 项再次询问未获新的答复，此前的答复仍然有效")
    if contradicted:
        parts.append(f"有 {contradicted} 项人工录入的结果与部门答复不一致，以部门答复为准")
    parts.append(f"有 {differing} 处与申报不一致，将由经办人员与您核实" if differing else "查到的内容与申报一致")
    return "，".join(parts) + "。"
