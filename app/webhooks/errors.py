"""Refusals about endpoints and deliveries."""

from app.core.errors import DomainError, Kind


class EndpointNotFound(DomainError):
    """No such endpoint, or not one this actor may see."""

    code = "webhook_endpoint_not_found"
    kind = Kind.NOT_FOUND
    title = "Webhook endpoint not found"
    title_zh = "未找到推送地址"


class UrlNotAllowed(DomainError):
    """Not an address that events may be sent to: only https, no credentials, nothing inside the own network."""

    code = "webhook_url_not_allowed"
    kind = Kind.UNPROCESSABLE
    title = "Events cannot be sent to this address"
    title_zh = "不能使用该推送地址"


class EventTypeUnknown(DomainError):
    """A subscription to events that do not exist would stay silent without anybody noticing."""

    code = "event_type_unknown"
    kind = Kind.UNPROCESSABLE
    title = "There is no such type of event"
    title_zh = "没有该事件类型"


class EventNotFound(DomainError):
    """No such event, or not one this endpoint hears."""

    code = "event_not_found"
    kind = Kind.NOT_FOUND
    title = "Event not found"
    title_zh = "未找到事件"


class RangeTooLarge(DomainError):
    """More events than one redelivery takes; ask for a shorter range."""

    code = "redelivery_range_too_large"
    kind = Kind.UNPROCESSABLE
    title = "The range holds too many events"
    title_zh = "重新推送的范围过大"
