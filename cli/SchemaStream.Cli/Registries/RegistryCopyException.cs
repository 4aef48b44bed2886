namespace SchemaStream.Cli.Registries;

/// <summary>A registry could not be read or written as a whole; the message says where it ended and what to do.</summary>
internal sealed class RegistryCopyException(string message, Exception? cause = null) : Exception(message, cause);
