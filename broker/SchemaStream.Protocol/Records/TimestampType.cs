namespace SchemaStream.Protocol.Records;

/// <summary>Whose clock a batch's timestamps are from. The numbers are Kafka's.</summary>
public enum TimestampType : sbyte
{
    /// <summary>The producer's: each record carries its own.</summary>
    CreateTime = 0,

    /// <summary>The broker's: the batch's max timestamp is every record's.</summary>
    LogAppendTime = 1,
}
