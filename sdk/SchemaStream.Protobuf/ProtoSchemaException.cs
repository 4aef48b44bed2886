namespace SchemaStream.Protobuf;

/// <summary>A text is not a Protobuf schema that can be used: what is wrong, and where.</summary>
public sealed class ProtoSchemaException : Exception
{
    /// <summary>Makes the exception without a place.</summary>
    public ProtoSchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception from what caused it.</summary>
    public ProtoSchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with the place in the text.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    public ProtoSchemaException(string message, int line, int column)
        : base(FormattableString.Invariant($"{line}:{column}: {message}"))
    {
        Line = line;
        Column = column;
    }

    /// <summary>Makes the exception with the file and the place in it.</summary>
    /// <param name="file">The imported file that is at fault; null for the schema itself.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="line">The line, from 1; 0 where there is none to name.</param>
    /// <param name="column">The column, from 1; 0 where there is none to name.</param>
    public ProtoSchemaException(string? file, string message, int line, int column)
        : base((file is null ? "" : file + ": ") + (line == 0 ? message : FormattableString.Invariant($"{line}:{column}: {message}")))
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The imported file that is at fault; null for the schema itself.</summary>
    public string? File { get; }

    /// <summary>The line of the fault, from 1; 0 where there is no place to name.</summary>
    public int Line { get; }

    /// <summary>The column of the fault, from 1; 0 where there is no place to name.</summary>
    public int Column { get; }
}
