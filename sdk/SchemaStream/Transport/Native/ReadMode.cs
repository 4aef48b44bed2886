namespace SchemaStream.Transport.Native;

/// <summary>What a consumer reads.</summary>
internal enum ReadMode
{
    /// <summary>The partitions that its group gives it.</summary>
    Group,

    /// <summary>All partitions, from their beginning, without a group.</summary>
    WholeTopic,
}
