"""What is wrong with a single field, in the caller's language. The input itself is never repeated."""

# pydantic's type of a fault → zh-CN, en
_WORDS = {
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


def words_for(fault: str, *, english: bool) -> str:
    """Return what a fault means; an unknown one is named by its code."""
    words = _WORDS.get(fault)
    return words[english] if words else fault.replace("_", " ")
