namespace SchemaStream.Registry.Core;

/// <summary>A refusal that a caller can expect: it travels as data, not as an exception.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>, or an HTTP status.</param>
/// <param name="Message">What was wrong where, and what to do instead.</param>
public sealed record RegistryError(int Code, string Message)
{
    /// <summary>The HTTP status that goes with the code.</summary>
    public int Status => Code >= 1000 ? Code / 100 : Code;

    public static RegistryError UnknownSubject(Subject subject) =>
        new(ErrorCodes.SubjectNotFound, $"Subject '{subject}' not found.");

    /// <summary>Of a subject that is not in the way: there is nothing of its own to forget.</summary>
    public static RegistryError NothingOwn(Subject subject, string setting) =>
        new(ErrorCodes.SubjectNotFound, $"Subject '{subject}' not found: it has no {setting} of its own.");

    /// <summary>Whoever posts the schema itself hears how it is wrapped.</summary>
    public static RegistryError EmptySchema { get; } = InvalidSchema(
        "The schema is empty: the body is a JSON object with the schema's text as a string, {\"schema\": \"…\"}, and " +
        "\"schemaType\" unless that is AVRO.");

    public static RegistryError UnknownVersion(int version) =>
        new(ErrorCodes.VersionNotFound, $"Version {version} not found.");

    public static RegistryError NotPermitted(string what) => new(ErrorCodes.OperationNotPermitted, what);

    public static RegistryError InvalidSchema(string why) => new(ErrorCodes.InvalidSchema, why);
}
