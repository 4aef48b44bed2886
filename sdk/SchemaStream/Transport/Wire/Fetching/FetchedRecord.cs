namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>Where a record's parts lie in its batch's bytes.</summary>
internal struct FetchedRecord
{
    /// <summary>Length of what is null.</summary>
    public const int Absent = -1;

    public long Offset;
    public long TimestampMs;
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;
    public int HeadersStart;
    public int HeaderCount;
}
