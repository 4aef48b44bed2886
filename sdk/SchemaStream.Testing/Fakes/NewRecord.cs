using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>A record on its way into a topic in memory.</summary>
internal readonly record struct NewRecord(string Topic, int? Partition, long TimestampMs, byte[]? Key, byte[]? Value, RecordHeaders? Headers)
{
    /// <summary>Copies a record out of the buffer that it was written into.</summary>
    public static NewRecord Of(string topic, EncodedRecord record) => new(
        topic,
        record.Partition == EncodedRecord.Absent ? null : record.Partition,
        record.TimestampMs,
        record.KeyLength == EncodedRecord.Absent ? null : record.Key.ToArray(),
        record.ValueLength == EncodedRecord.Absent ? null : record.Value.ToArray(),
        Copy(record.Headers));

    /// <summary>The sender's list is the sender's, who may go on changing it.</summary>
    private static RecordHeaders? Copy(RecordHeaders? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var copy = new RecordHeaders();
        foreach (var header in headers)
        {
            copy.Add(header.Name, header.Value is { } bytes ? bytes.ToArray() : null);
        }

        return copy;
    }
}
