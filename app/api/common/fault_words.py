"""What is wrong with a single field, in the caller's language. The input itself is never repeated.

One catalogue for all of it: what pydantic finds, what our own rules find (`Fault` in core/errors.py) and what the
protocol refuses. `code.about` are the words of a code where it stands for something in particular.
"""

from app.core.errors import Fault

# What pydantic finds: its type of a fault → zh-CN, en
_SHAPES = {
    "missing": ("缺少此项", "this is missing"),
    "extra_forbidden": ("没有此项", "there is no such member"),
    "string_type": ("须为文本", "must be text"),
    "string_too_short": ("内容过短", "too short"),
    "string_too_long": ("内容过长", "too long"),
    "string_pattern_mismatch": ("格式不正确", "not of the required form"),
    "int_type": ("须为整数", "must be a whole number"),
    "int_parsing": ("须为整数", "must be a whole number"),
    "bool_type": ("须为 true 或 false", "must be true or false"),
    "bool_parsing": ("须为 true 或 false", "must be true or false"),
    "list_type": ("须为列表", "must be a list"),
    "tuple_type": ("须为列表", "must be a list"),
    "dict_type": ("须为对象", "must be an object"),
    "model_type": ("须为对象", "must be an object"),
    "model_attributes_type": (
        "须为 JSON 对象（Content-Type: application/json）",
        "must be a JSON object, sent as JSON",
    ),
    "too_short": ("数量过少", "too few"),
    "too_long": ("数量过多", "too many"),
    "greater_than_equal": ("数值过小", "too small"),
    "less_than_equal": ("数值过大", "too large"),
    "uuid_type": ("须为 UUID", "must be a UUID"),
    "uuid_parsing": ("须为 UUID", "must be a UUID"),
    "date_type": ("须为日期，如 2026-12-01", "must be a date such as 2026-12-01"),
    "date_parsing": ("须为日期，如 2026-12-01", "must be a date such as 2026-12-01"),
    "date_from_datetime_parsing": ("须为日期，如 2026-12-01", "must be a date such as 2026-12-01"),
    "datetime_type": ("须为带时区的时间", "must be an instant with offset"),
    "datetime_parsing": ("须为带时区的时间", "must be an instant with offset"),
    "timezone_aware": ("须为带时区的时间", "must be an instant with offset"),
    "literal_error": ("不在可选值之内", "not one of the possible values"),
    "enum": ("不在可选值之内", "not one of the possible values"),
    "value_error": ("内容不符合要求", "not acceptable"),
    "json_invalid": ("不是有效的 JSON", "not valid JSON"),
}


# What our own rules find
_RULES = {
    "applicant_mismatch": ("申请人与实名信息不一致", "the applicant is not who proved the real name"),
    "applicant_missing": ("申请人本人须列为家庭成员", "the applicant has to be a member of the household"),
    "authorisation_missing": ("该成员尚未签署核对授权书", "this member has not signed the authorisation to be checked"),
    "authorisation_missing.guardian": (
        "该成员未满18周岁，核对授权书由其监护人（家庭中的成年成员）代签；申请人本人签署的，即视为一并代签",
        "this member is under 18: the guardian signs, an adult of the household; the applicant's signature serves, too",
    ),
    "below_guidance": ("不得低于上级公布的标准", "not below the standard published for the area above"),
    "before_start": ("最后一日早于第一日", "the last day lies before the first"),
    "err.encryption.invalid": ("不受理加密报文", "encrypted messages are not taken"),
    "err.receiver_id.invalid": ("接收方不是本系统", "meant for another receiver"),
    "err.sender_uri.invalid": ("回调地址未登记", "not below the registered address for answers"),
    "err.signature.invalid": ("签名不符", "the signature does not fit"),
    "err.signature.missing": ("缺少签名", "there is no signature"),
    "edited_elsewhere": ("另一台设备已修改此项", "another device has changed this"),
    "id_number_malformed": ("身份证号码格式不正确", "the identity number is malformed"),
    "given_twice": ("此项已在上一级填报", "this is given outside of extra already"),
    "in_future": ("日期不能晚于今天", "a date not later than today"),
    "in_future.judged": ("日期不能晚于测算之日", "a date not later than the day that is judged"),
    "invalid": ("内容不符合要求", "not acceptable"),
    "member_unknown": ("家庭成员中没有此编号", "no member of the household has this reference"),
    "missing.ground": ("须说明依据", "say what it rests on"),
    "missing.part": ("缺少此分片", "this part is missing"),
    "months_of_a_year": ("按年填报的收入不能再填月数", "months belong to an amount per month"),
    "answered_twice": ("该询问事项只能答复一次", "this question is answered twice"),
    "before_dispute": ("日期早于提出异议之日", "a day before it was disputed"),
    "before_sent": ("日期早于发函之日", "a day before the letter was sent"),
    "not_asked": ("来函没有询问此项", "the letter did not ask this"),
    "not_of_addressee": ("不向此类收件人询问该事项", "this is not asked of such an addressee"),
    "line_break": ("须写成一段，不得换行", "has to be one paragraph, without line breaks"),
    "of_household": ("收件人是共同生活的家庭成员", "the addressee is a member of the household"),
    "says_too_much": (
        "不得写入证件号码、账号、手机号码、家庭成员的姓名以及救助项目的名称，所涉人员由函件另行载明",
        "no identity numbers, accounts, telephone numbers, names of the household or of programs: the letter says whom "
        "it is about",
    ),
    "unanswered": ("有询问事项没有填写答复", "a question that was asked is left out"),
    "not_a_change": ("工作日本来就上班", "a weekday is worked anyway"),
    "not_a_period": ("须为 years、months、days 之一，且大于零", "one of years, months, days, above zero"),
    "not_expected": ("含有不属于该核对事项的内容", "holds what this check does not ask for"),
    "not_expected.favourable": ("同意的意见不写不予确认的事由", "a favourable opinion names no ground against it"),
    "not_expected.nothing_open": ("规则没有不能确定的条件", "the rules leave no condition open"),
    "not_expected.on_form": ("申报表中没有这一义务人", "the form has no supporter with this reference"),
    "not_expected.in_report": ("核对报告中没有此项", "the report has nothing of this kind"),
    "not_expected.without_record": ("没有记录时不能填写内容", "where there is no record, there is nothing to say"),
    "not_local": ("该保存期限由国家规定，地方不得另行设定", "the nation fixes this period, no place may"),
    "not_local.procedure": ("地方不得设定此项", "no place may set this"),
    "not_open": ("该事项无需说明理由", "this rule needs no reason"),
    "one_applicant_needed": ("须有且只有一名成员为申请人本人", "exactly one member is the applicant"),
    "one_person_only": ("特困人员以本人为单位申请，只填报一人", "this support is for one person: list one"),
    "one_spouse_at_most": ("申请人的配偶只能填报一人", "an applicant has one spouse at most"),
    "other_year": ("日期不在{year}年及其前一个12月之内", "a day outside {year} and the December before"),
    "reference_not_unique": ("被查询人的编号重复", "two persons have this reference"),
    "ref_not_unique": ("成员编号重复", "two members have this reference"),
    "required": ("此项必填", "this is required"),
    "required.account": ("请填写收款账户", "say where the money is to go"),
    "required.address": ("请填写家庭住址", "say where the household lives"),
    "required.ground": (
        "评估结果符合条件，请写明不予确认所依据的事由",
        "the rules speak for the household: say what stands against it",
    ),
    "required.list": ("请填写此项；没有的，请提交空列表", "this is required; where there is none, send an empty list"),
    "required.promise": (
        "承诺填报内容真实、完整后方可提交",
        "promise that everything declared is true and complete",
    ),
    "required.reason": ("规则不能确定，请说明如何核实", "the rule leaves this open: say how it was established"),
    "month_out_of_range": (
        "应在决定的次月之后，且不早于已知的最后一次金额变动",
        "from the month after the decision on, within a year, and not before the last amount that is known",
    ),
    "not_computed": ("标准调整的金额须为规则测算的金额", "the amount has to be what the rules give"),
    "not_open.finding": ("不是该待遇待处理的核查发现", "not a finding that waits on this award"),
    "named_twice.finding": ("该核查发现重复列出", "this finding is named twice"),
    "not_expected.standard": (
        "标准调整不能了结核查发现，请另行处理",
        "what a standard means settles nothing that was found: that is decided by itself",
    ),
    "required.findings": (
        "有待处理的核查发现：请列明本决定所针对的各项；都不针对的，请提交空列表",
        "something that was found waits: name what this is about, or send an empty list where it is none of it",
    ),
    "not_lower": ("须低于当月现行金额", "lower than the amount of that month"),
    "not_higher": ("须高于当月现行金额", "higher than the amount of that month"),
    "above_rules": (
        "高于按规则测算该户无收入时的金额，或者无法测算",
        "more than the rules give to this household without any income, or they cannot say",
    ),
    "raise_month_out_of_range": (
        "应在决定（当地规定的，为发现）的次月至下月之间，且不早于已知的最后一次金额变动；以标准调整为由的，应在待人工处理的"
        "月份至下月之间，待遇已终止的不晚于最后发放月",
        "from the month after the decision (where the place says so, after the finding) to the next, and not before "
        "the last amount that is known; on the ground of a standard, from the month that waits for a person to the "
        "next, and up to the last month of an award that was stopped",
    ),
    "found_on_out_of_range": (
        "应在待遇起始之后、今日以前，且不早于一年",
        "since the award began, within a year, and not in the future",
    ),
    "gives_no_more": (
        "该事由不能增发；以标准调整为由的，须有规则无法测算、待人工处理的标准调整，已终止的待遇只能以此增发",
        "nothing more is due on this ground; a standard is one where the rules could not say what it means for the "
        "award, and the only one once the award was stopped",
    ),
    "not_stopped": ("该待遇没有停止", "the award was not stopped"),
    "name_malformed": ("姓名格式不正确", "the name is malformed"),
    "no_fraud_found": (
        "没有以骗取为事由的停止或者减发决定",
        "no stop or reduction of this award has found fraud",
    ),
    "division_not_known": ("没有此区划", "there is no such division"),
    "not_a_township": ("不是乡镇（街道）的区划代码", "not the code of a township"),
    "not_a_village_there": ("不是接收乡镇（街道）所辖的村（社区）", "not a village of the township it was handed to"),
    "same_county": ("须为其他县（市、区）", "must lie in another county"),
    "moved_on_out_of_range": (
        "搬迁日期超出范围：最早3年前，最迟3个月后",
        "the day of the move is out of range: three years ago to three months ahead",
    ),
    "nothing_paid": ("该月没有可以追回的发放", "nothing was paid for this month that could be claimed"),
    "claimed_before": ("该月已在追回之中", "this month is claimed already"),
    "above_paid": ("不得超过该月实际发放金额", "at most what was paid for this month"),
    "heard_out_of_range": ("应在提出追回之后、今日以前", "since it was claimed, and not in the future"),
    "not_the_whole": ("各期合计须等于应退总额", "the parts together have to be the whole"),
    "not_later": ("应在今日以后，且晚于上一期", "after today, and after the part before"),
    "received_out_of_range": ("应在决定之后、今日以前", "since it was ordered, and not in the future"),
    "nothing_changed": ("没有因标准调整待复核的事项", "no changed standard waits for a decision on this award"),
    "sets_no_numbers": (
        "标准和参数由省、州（市）、县（市、区）设定",
        "numbers are set by provinces, prefectures and counties",
    ),
    "too_few": ("全年工作日放假不止这些，至少{least}天", "a year has at least {least} weekdays off"),
    "too_short.ground": (
        "评估结果符合条件，请写明具体理由，不少于{least}个字",
        "the rules speak for the household: say in particular why not, in {least} characters or more",
    ),
    "too_short.notice": (
        "理由将写入书面通知，请具体说明，不少于{least}个字",
        "it goes into the written notice: say in particular why, in {least} characters or more",
    ),
    "too_short.reason": (
        "请具体说明如何核实，不少于{least}个字",
        "say in particular how it was established, in {least} characters or more",
    ),
    "too_small": ("金额须大于零", "an amount is above zero"),
}

_PLACES = {
    "wrong_place.not_registered_here": (
        "户籍不在此乡镇（街道），请向所列的受理机关之一提出申请",
        "nobody of the household is registered here: apply at one of `places`",
    ),
    "wrong_place.another_member_applies": (
        "应由户籍所在地与经常居住地一致的家庭成员（已列明）提出申请",
        "a member who lives where he is registered has to apply: one of `applicants`",
    ),
    "wrong_place.permit_not_taken_here": (
        "此地尚未开展持居住证申办，请向户籍所在地提出申请",
        "this place does not take applications by residence permit yet: apply where you are registered",
    ),
    "wrong_place.residence_too_short": (
        "在此居住未满半年，请向户籍所在地提出申请",
        "you have lived here for less than half a year: apply where you are registered",
    ),
}

# What the protocol refuses
_PROTOCOL = {
    "content_encoding": ("请求内容不得压缩", "bodies are sent as they are, not packed"),
    "content_type": ("请以 UTF-8 编码的 JSON 提交，并在 Content-Type 中注明", "send JSON in UTF-8, and label it so"),
    "depth": ("JSON 嵌套过深", "the JSON is nested too deeply"),
    "duplicate_member": ("JSON 中有重名成员", "an object of the JSON has two members of one name"),
    "encoding": ("不是有效的 UTF-8 编码", "not valid UTF-8"),
    "header_repeated": ("请求头重复", "a header line was sent twice"),
    "method_override": ("只能以 POST 代替 PATCH", "only POST may stand for PATCH"),
    "number": ("数字须为64位整数", "numbers are whole and of 64 bits"),
    "parameter_repeated": ("参数重复", "this parameter was sent twice"),
    "parameter_unknown": ("没有此参数", "there is no such parameter"),
    "spelling": ("写法不正确", "not spelt as the contract says"),
    "syntax": ("不是有效的 JSON", "not valid JSON"),
    "text": ("含有无法保存的字符", "holds characters that cannot be kept"),
    "too_long.bytes": ("不得超过{most}字节", "at most {most} bytes"),
    "too_slow": ("未在规定时间内收到全部内容", "the body did not arrive in time"),
}  # fmt: skip

WORDS = {**_SHAPES, **_RULES, **_PLACES, **_PROTOCOL}
_OTHERWISE = ("内容不符合要求", "not acceptable")  # types of pydantic that no field of ours leads to today


def words_for(fault: Fault, *, english: bool) -> str:
    """Return what a fault means."""
    key = f"{fault.code}.{fault.about}" if fault.about else fault.code
    return WORDS.get(key, _OTHERWISE)[english].format(**fault.numbers)
