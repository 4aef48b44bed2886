using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Records of one topic that go to librdkafka in one call, in native memory. For one thread at a time.</summary>
/// <remarks>
/// librdkafka copies what it is given into its own message, in the one allocation that it makes for it anyway; so this
/// memory is free again when the call returns, and the same is used for ever.
/// </remarks>
internal sealed unsafe class OutgoingBatch : IDisposable
{
    /// <summary>How many records share a call: enough for its fixed costs to vanish, few enough to stay in the cache.</summary>
    private const int MostRecords = 256;

    private const int Bytes = 128 * 1024;

    private readonly NativeMessage* _messages = (NativeMessage*)NativeMemory.AllocZeroed(MostRecords, (nuint)sizeof(NativeMessage));
    private readonly byte* _bytes = (byte*)NativeMemory.Alloc(Bytes);
    private int _first;
    private int _end;
    private int _used;

    /// <summary>How many records it holds.</summary>
    public int Count => Volatile.Read(ref _end) - _first;

    /// <summary>Whether a record of this size can be in a batch at all.</summary>
    public static bool CanHold(EncodedRecord record) => record.Key.Length + record.Value.Length <= Bytes;

    /// <summary>Memory for a call that goes out alone, while the batch is empty.</summary>
    public Span<byte> Scratch => new(_bytes, Bytes);

    /// <summary>Adds a record.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(EncodedRecord record, nint opaque)
    {
        var key = record.Key;
        var value = record.Value;
        if (_end == MostRecords || Bytes - _used < key.Length + value.Length)
        {
            return false;
        }

        var message = _messages + _end;
        var keyBytes = _bytes + _used;
        var valueBytes = keyBytes + key.Length;
        key.CopyTo(new Span<byte>(keyBytes, key.Length));
        value.CopyTo(new Span<byte>(valueBytes, value.Length));
        message->Partition = record.Partition;
        message->Key = record.KeyLength < 0 ? null : keyBytes;
        message->KeyLength = (nuint)key.Length;
        message->Payload = record.ValueLength < 0 ? null : valueBytes;
        message->PayloadLength = (nuint)value.Length;
        message->Opaque = opaque;
        _used += key.Length + value.Length;
        Volatile.Write(ref _end, _end + 1);
        return true;
    }

    /// <summary>Hands all over, up to where librdkafka's queue is full; that record and those behind it stay.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="refused">Receives those that librdkafka will never take.</param>
    /// <returns>How many have left the batch.</returns>
    public int HandOver(TopicHandle topic, ref List<RefusedRecord>? refused)
    {
        var count = Count;
        var accepted = Librdkafka.ProduceBatch(
            topic, Librdkafka.UnassignedPartition, Librdkafka.FlagCopy | Librdkafka.FlagPartition, _messages + _first, count);
        var left = accepted == count ? count : Sort(topic, count, ref refused);
        _first += left;
        if (_first == _end)
        {
            Clear();
        }

        return left;
    }

    /// <summary>Takes all records out: they are not to be sent.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="error">Why.</param>
    /// <param name="refused">Receives them.</param>
    public void Drop(TopicHandle? topic, int error, ref List<RefusedRecord>? refused)
    {
        for (; _first < _end; _first++)
        {
            (refused ??= []).Add(new RefusedRecord(topic!, error, _messages[_first].Partition, _messages[_first].Opaque));
        }

        Clear();
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_bytes);
    }

    private int Sort(TopicHandle topic, int count, ref List<RefusedRecord>? refused)
    {
        for (var index = 0; index < count; index++)
        {
            ref var message = ref _messages[_first + index];
            if (message.Error == NativeErrors.QueueFull)
            {
                return index; // and with it all that follow: none overtakes another
            }

            if (message.Error != NativeErrors.None)
            {
                (refused ??= []).Add(new RefusedRecord(topic, message.Error, message.Partition, message.Opaque));
            }
        }

        return count;
    }

    private void Clear()
    {
        _first = 0;
        _used = 0;
        Volatile.Write(ref _end, 0);
    }
}

/// <summary>A record that librdkafka will not take.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Error">Why.</param>
/// <param name="Partition">The partition that was asked for; negative for none.</param>
/// <param name="Opaque">Its sender's handle; 0 when no one waits.</param>
internal readonly record struct RefusedRecord(TopicHandle Topic, int Error, int Partition, nint Opaque);
