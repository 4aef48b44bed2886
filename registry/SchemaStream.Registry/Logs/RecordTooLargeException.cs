using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs;

/// <summary>A record is larger than the log takes. Others of the same append may have been written.</summary>
public sealed class RecordTooLargeException : Exception
{
    public RecordTooLargeException()
    {
    }

    public RecordTooLargeException(string message)
        : base(message)
    {
    }

    public RecordTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public RecordTooLargeException(LogRecord record, Exception innerException)
        : base("The record is larger than the log takes.", innerException) => Record = record;

    public LogRecord? Record { get; }
}
