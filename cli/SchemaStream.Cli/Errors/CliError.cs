namespace SchemaStream.Cli.Errors;

/// <summary>What went wrong, as a command tells it.</summary>
/// <param name="Code">Such as <c>SS4001</c>; <c>schemastream explain</c> has more about each.</param>
/// <param name="Message">One sentence: what could not be done.</param>
/// <param name="Cause">Why; null where the message says it all.</param>
/// <param name="NextStep">What to do now.</param>
/// <param name="ExitCode">With what the program ends.</param>
internal sealed record CliError(string Code, string Message, string? Cause, string? NextStep, int ExitCode);

/// <summary>A command cannot do what it was told.</summary>
internal sealed class CliException : Exception
{
    public CliException(CliError error)
        : this(error, null)
    {
    }

    public CliException(CliError error, Exception? innerException)
        : base(error.Message, innerException) => Error = error;

    public CliError Error { get; }
}
