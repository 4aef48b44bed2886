namespace SchemaStream.Json.Validation;

/// <summary>Ends a validation that nobody should wait for; never leaves the validator.</summary>
internal sealed class ValidationLimitException(string message) : Exception(message);
