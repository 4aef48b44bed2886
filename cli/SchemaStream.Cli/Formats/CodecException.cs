namespace SchemaStream.Cli.Formats;

/// <summary>A value cannot be written with a schema, or bytes cannot be read with it, or it is none.</summary>
internal sealed class CodecException : Exception
{
    public CodecException(string message)
        : base(message)
    {
    }

    public CodecException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
