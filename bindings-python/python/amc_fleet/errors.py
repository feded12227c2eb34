"""Every error of this package: one class for each kind, all under `Error`."""

from __future__ import annotations


class Error(Exception):
    """The base of every error of this package.

    ``str(error)`` is what was wrong in one sentence; a traceback also shows where and what to do.

    Parameters
    ----------
    message : str
        What was wrong.
    **fields
        The attributes; those not given are None, empty or False.

    Attributes
    ----------
    kind : str
        What went wrong in the caller's terms; one for each class.
    code : str
        A stable code, at least as fine as the kind.
    hint : str or None
        What to do about it.
    line, column : int or None
        Where in the caller's own text it is, from 1.
    instances : list of str
        The AMC ids of the instances it concerns.
    request_id : str or None
        The remote side's request id, for a support case.
    raw : str or None
        The remote side's own words.
    retryable : bool
        Whether the same call may succeed later.
    retry_after : float or None
        The seconds the remote side asked to wait.

    Examples
    --------
    >>> try:
    ...     fleet.batch("batch_00000000")
    ... except amc_fleet.Error as error:
    ...     error.code, error.kind
    ('unknown_batch', 'not_found')
    """

    kind: str = "unexpected"
    code: str = "unexpected"
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    instances: list[str]
    request_id: str | None = None
    raw: str | None = None
    retryable: bool = False
    retry_after: float | None = None

    def __init__(self, message: str = "", **fields: object) -> None:
        """Keep the message and every field."""
        super().__init__(message)
        vars(self).update({"instances": [], **fields})

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling whole, so that a process pool loses nothing."""
        return type(self), self.args, vars(self)


class InvalidInputError(Error, ValueError):
    """The call itself is wrong; nothing was started."""


class NotFoundError(Error):
    """The thing named does not exist, or is not visible to this owner."""


class ForbiddenError(Error):
    """The credential may not do this."""


class ConflictError(Error):
    """The thing exists already with other content, or somebody else changed it first."""


class TooLargeError(Error):
    """The input or result is larger than a setting allows."""


class LimitExceededError(Error):
    """A limit on the number of things is reached."""


class UnauthorizedError(Error):
    """The credential is wrong, expired or revoked."""


class RateLimitedError(Error):
    """The remote side asked to slow down; ``retry_after`` says for how long, where it said."""


class UnavailableError(Error):
    """The remote side or the database cannot be reached."""


class RemoteTimeoutError(Error, TimeoutError):
    """No answer within the time allowed."""


class RemoteFailedError(Error):
    """AMC ran the query and failed, or rejected it."""


class CancelledError(Error):
    """Somebody cancelled it."""


class IncompleteError(Error):
    """A result lacks instances that were asked for."""


class UnsupportedError(Error):
    """This build or this database cannot do it."""


class ForkedError(UnsupportedError):
    """A handle was made before the process forked; open one of its own in the child."""


_OF_KIND: dict[str, type[Error]] = {
    "invalid_input": InvalidInputError,
    "not_found": NotFoundError,
    "forbidden": ForbiddenError,
    "conflict": ConflictError,
    "too_large": TooLargeError,
    "limit_exceeded": LimitExceededError,
    "unauthorized": UnauthorizedError,
    "rate_limited": RateLimitedError,
    "unavailable": UnavailableError,
    "timeout": RemoteTimeoutError,
    "remote_failed": RemoteFailedError,
    "cancelled": CancelledError,
    "incomplete": IncompleteError,
    "unsupported": UnsupportedError,
    "unexpected": Error,
}

_OF_CODE: dict[str, type[Error]] = {"forked": ForkedError}

for _kind, _class in _OF_KIND.items():
    _class.kind = _kind


def exception(
    message: str, *, kind: str, code: str, hint: str | None, excerpt: str | None, causes: list[str], **fields: object
) -> Error:
    """Make the exception of an error of the core; its notes are what a traceback shows below the message."""
    found = _OF_CODE.get(code) or _OF_KIND[kind]
    error = found(message, kind=kind, code=code, hint=hint, **fields)
    notes = [excerpt, hint, *(f"because: {cause}" for cause in causes)]
    for note in filter(None, notes):
        error.add_note(note)
    return error
