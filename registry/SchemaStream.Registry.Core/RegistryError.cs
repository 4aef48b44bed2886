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

    public static RegistryError UnknownVersion(int version) =>
        new(ErrorCodes.VersionNotFound, $"Version {version} not found.");

    public static RegistryError NotPermitted(string what) => new(ErrorCodes.OperationNotPermitted, what);

    public static RegistryError InvalidSchema(string why) => new(ErrorCodes.InvalidSchema, why);
}
