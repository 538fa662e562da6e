"""Password rules beyond Django's own."""

from django.core.exceptions import ValidationError

PASSWORD_CHARACTERS_MAX = 128


class MaximumLengthValidator:
    """Refuses passwords so long that hashing them is a way to keep the server busy."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's validator signature.
        """Raises: ValidationError above the limit."""
        if len(password) > PASSWORD_CHARACTERS_MAX:
            raise ValidationError(
                f"cannot be longer than {PASSWORD_CHARACTERS_MAX} characters", code="password_too_long"
            )

    def get_help_text(self) -> str:
        """Shown below password fields."""
        return f"At most {PASSWORD_CHARACTERS_MAX} characters."
