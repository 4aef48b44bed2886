using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SchemaStream.Transport.Native;

/// <summary>Gathers records and hands them to librdkafka, which copies them.</summary>
/// <remarks>
/// What is gathered goes when the batch is full, when a sender waits for it, when a record comes that cannot be in a
/// batch (with headers or a time of its own), and otherwise at the reporting thread's next turn, within a millisecond.
/// </remarks>
internal sealed unsafe partial class NativeProducer
{
    private const int MostHeadersInPlace = 24;

    private readonly OutgoingBatch _batch = new();

    /// <summary>Guards the batch, the order of what goes to librdkafka, and the end.</summary>
    private readonly Lock _batchLock = new();

    private TopicHandle? _batchTopic;

    /// <summary>How many hand-overs have refused records that are being told of.</summary>
    private int _telling;

    private bool _closing;

    /// <summary>As <see cref="IProducerTransport.TrySend"/>.</summary>
    public bool TrySend(TopicHandle topic, EncodedRecord record, Delivery? delivery)
    {
        List<RefusedRecord>? refused = null;
        var error = NativeErrors.None;
        lock (_batchLock)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(ITopicProducer<,>));
            if (Volatile.Read(ref _pending) >= _capacity)
            {
                error = NativeErrors.QueueFull;
                HandOver(ref refused);
            }
            else if (record.Headers is not null || record.TimestampMs >= 0 || !OutgoingBatch.CanHold(record))
            {
                error = HandOver(ref refused) ? SendAlone(topic, record, delivery) : NativeErrors.QueueFull;
            }
            else if (!Gather(topic, record, delivery, ref refused))
            {
                error = NativeErrors.QueueFull;
            }

            BeginTelling(refused);
        }

        Tell(refused);
        return error switch
        {
            NativeErrors.None => true,
            NativeErrors.QueueFull when record.Value.Length <= _queueBytes => false,
            _ => throw Refusal(topic, record, error),
        };
    }

    /// <inheritdoc />
    public void HandOver()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        List<RefusedRecord>? refused = null;
        lock (_batchLock)
        {
            HandOver(ref refused);
            BeginTelling(refused);
        }

        Tell(refused);
    }

    private bool Gather(TopicHandle topic, EncodedRecord record, Delivery? delivery, ref List<RefusedRecord>? refused)
    {
        // A batch is of one topic, and what never fits into the queue must not wait in it for ever.
        if (record.Value.Length > _queueBytes || (_batchTopic != topic && !HandOver(ref refused)))
        {
            return false;
        }

        _batchTopic = topic;
        var opaque = delivery is null ? 0 : GCHandle.ToIntPtr(GCHandle.Alloc(delivery));
        if (!_batch.TryAdd(record, opaque) && !(HandOver(ref refused) && _batch.TryAdd(record, opaque)))
        {
            Free(opaque);
            return false;
        }

        delivery?.AcceptedBy(this);
        Interlocked.Increment(ref _pending);
        WakeIfIdle();
        return true;
    }

    /// <returns>Whether nothing is left.</returns>
    private bool HandOver(ref List<RefusedRecord>? refused)
    {
        if (_batch.Count == 0)
        {
            return true;
        }

        _batch.HandOver(_batchTopic!, ref refused);
        return _batch.Count == 0;
    }

    private int SendAlone(TopicHandle topic, EncodedRecord record, Delivery? delivery)
    {
        // Counted before it is handed over, for its report may come before the call returns.
        Interlocked.Increment(ref _pending);
        var opaque = delivery is null ? 0 : GCHandle.ToIntPtr(GCHandle.Alloc(delivery));
        var error = Produce(topic, record, opaque);
        if (error != NativeErrors.None)
        {
            Free(opaque);
            Withdraw();
        }

        return error;
    }

    /// <summary>
    /// Under the lock: from here until <see cref="Tell"/> has told of them, records have left the batch
    /// that no one knows to be refused. A transaction must not be committed in between.
    /// </summary>
    private void BeginTelling(List<RefusedRecord>? refused) => _telling += refused is null ? 0 : 1;

    /// <summary>Tells of records that were accepted and are refused now. Never under the lock: it runs the application's code.</summary>
    private void Tell(List<RefusedRecord>? refused)
    {
        if (refused is null)
        {
            return;
        }

        foreach (var record in refused)
        {
            Fail(record.Opaque, new DeliveryFailure(
                record.Topic.Name, record.Partition, NativeClient.NameOf(record.Error), Explain(record.Error), IsOutcomeUnknown: false));
            Withdraw();
        }

        lock (_batchLock)
        {
            _telling--;
        }

        Wake(ref _roomWaiter);
    }

    private DeliveryException Refusal(TopicHandle topic, EncodedRecord record, int error) =>
        error == NativeErrors.QueueFull
            ? Refusal(
                topic,
                record,
                NativeErrors.MessageTooLarge,
                DeliveryReasons.NeverFits(record.Value.Length, _queueBytes))
            : Refusal(topic, record, error, Explain(error));

    private static DeliveryException Refusal(TopicHandle topic, EncodedRecord record, int error, string reason) =>
        new(new DeliveryFailure(topic.Name, record.Partition, NativeClient.NameOf(error), reason, IsOutcomeUnknown: false));

    /// <summary>librdkafka's own words say what; where a user can do something about it, ours say where and how.</summary>
    private string Explain(int error) =>
        DeliveryReasons.Explain(NativeClient.NameOf(error), _bootstrapServers, _lastError) ?? NativeClient.TextOf(error);

    [SkipLocalsInit] // each argument is written whole before the call; clearing them all costs more than the rest of this
    private int Produce(TopicHandle topic, EncodedRecord record, nint opaque)
    {
        const int own = 7;
        var arguments = stackalloc NativeArgument[own + MostHeadersInPlace];
        var count = 0;
        fixed (byte* key = record.Key, value = record.Value)
        {
            arguments[count++] = NativeArgument.Of(NativeArgumentKind.TopicHandle, topic.DangerousGetHandle());
            arguments[count++] = new NativeArgument { Kind = NativeArgumentKind.Partition, Int32 = record.Partition };
            arguments[count++] = new NativeArgument { Kind = NativeArgumentKind.MessageFlags, Int32 = Librdkafka.FlagCopy };
            arguments[count++] = NativeArgument.Of(
                NativeArgumentKind.Value, PointerOf(value, record.ValueLength), record.Value.Length);
            arguments[count++] = NativeArgument.Of(
                NativeArgumentKind.Key, PointerOf(key, record.KeyLength), record.Key.Length);
            arguments[count++] = NativeArgument.Of(NativeArgumentKind.Opaque, opaque);
            if (record.TimestampMs >= 0)
            {
                arguments[count++] = new NativeArgument { Kind = NativeArgumentKind.Timestamp, Int64 = record.TimestampMs };
            }

            if (record.Headers is not { } headers)
            {
                return ProduceArguments(arguments, count);
            }

            return headers.Count <= MostHeadersInPlace && TryWriteHeaders(headers, arguments + count)
                ? ProduceArguments(arguments, count + headers.Count)
                : ProduceArguments(arguments, count, NativeHeaders.Make(headers));
        }
    }

    /// <summary>Headers as arguments of the call: librdkafka makes its list of them in the one transition.</summary>
    /// <returns>False when they need more memory than there is at hand.</returns>
    private bool TryWriteHeaders(RecordHeaders headers, NativeArgument* arguments)
    {
        var room = _batch.Scratch; // the batch was handed over before, so that no record overtakes another
        fixed (byte* start = room)
        {
            var used = 0;
            foreach (var header in headers)
            {
                var value = header.Value.GetValueOrDefault().Span;
                if (Encoding.UTF8.GetMaxByteCount(header.Name.Length) + 1 + value.Length > room.Length - used
                    || header.Name.Contains('\0', StringComparison.Ordinal))
                {
                    return false;
                }

                var name = start + used;
                used += Encoding.UTF8.GetBytes(header.Name, room[used..]);
                room[used++] = 0;
                value.CopyTo(room[used..]);
                *arguments++ = new NativeArgument
                {
                    Kind = NativeArgumentKind.Header,
                    Pointer = (nint)name,
                    HeaderValue = header.Value is null ? 0 : value.IsEmpty ? (nint)NativeHeaders.SomeAddress : (nint)(start + used),
                    HeaderLength = value.Length,
                };
                used += value.Length;
            }
        }

        return true;
    }

    private int ProduceArguments(NativeArgument* arguments, int count)
    {
        // The record is pending by now, and the client is not released before nothing is.
        var failure = Librdkafka.ProduceArguments(_client.DangerousGetHandle(), arguments, (nuint)count);
        if (failure == 0)
        {
            return NativeErrors.None;
        }

        var code = Librdkafka.ErrorCode(failure);
        Librdkafka.ErrorDestroy(failure);
        return code;
    }

    private int ProduceArguments(NativeArgument* arguments, int count, nint headers)
    {
        arguments[count] = NativeArgument.Of(NativeArgumentKind.Headers, headers);
        var error = ProduceArguments(arguments, count + 1);
        if (error != NativeErrors.None)
        {
            Librdkafka.HeadersDestroy(headers); // librdkafka owns them only if it took the record
        }

        return error;
    }

    private static void Free(nint opaque)
    {
        if (opaque != 0)
        {
            GCHandle.FromIntPtr(opaque).Free();
        }
    }

    /// <summary>A null pointer means no key or value; an empty one needs an address all the same.</summary>
    private static void* PointerOf(byte* bytes, int length) =>
        length < 0 ? null : bytes is not null ? bytes : NativeHeaders.SomeAddress;
}
