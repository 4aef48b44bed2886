namespace SchemaStream.Protocol.Records;

/// <summary>The bytes of a record or a batch are not what its format says they are.</summary>
public sealed class CorruptRecordException : Exception
{
    public CorruptRecordException()
    {
    }

    public CorruptRecordException(string message)
        : base(message)
    {
    }

    public CorruptRecordException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
