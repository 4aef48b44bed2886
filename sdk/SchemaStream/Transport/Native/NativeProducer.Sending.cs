using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Hands records to librdkafka, which copies them.</summary>
internal sealed unsafe partial class NativeProducer
{
    public bool TrySend(EncodedRecord record, Delivery? delivery)
    {
        // Counted before it is handed over, for its report may come before the call returns; and before the look at
        // the flag, so that either this call sees the flag or the disposer sees this record.
        Interlocked.Increment(ref _pending);
        if (_closing)
        {
            Withdraw();
            throw new ObjectDisposedException(typeof(ITopicProducer<,>).Name);
        }

        var opaque = delivery is null ? 0 : GCHandle.ToIntPtr(GCHandle.Alloc(delivery));
        var error = record.Headers is null && record.TimestampMs < 0
            ? Produce(record, opaque)
            : ProduceWithExtras(record, opaque);
        if (error == NativeErrors.None)
        {
            return true;
        }

        if (opaque != 0)
        {
            GCHandle.FromIntPtr(opaque).Free();
        }

        Withdraw();
        if (error == NativeErrors.QueueFull)
        {
            return record.Value.Length <= _queueBytes ? false : throw Refusal(
                record,
                NativeErrors.MessageTooLarge,
                $"its value has {record.Value.Length} bytes, and the queue holds {_queueBytes} at most "
                + $"({nameof(ProducerOptions)}.{nameof(ProducerOptions.QueueCapacityBytes)}): waiting would never make room");
        }

        throw Refusal(record, error, Explain(error));
    }

    private DeliveryException Refusal(EncodedRecord record, int error, string reason) =>
        new(new DeliveryFailure(_topicName, record.Partition, NativeClient.NameOf(error), reason, IsOutcomeUnknown: false));

    /// <summary>librdkafka's own words say what; where a user can do something about it, these say where and how.</summary>
    private string Explain(int error) => error switch
    {
        NativeErrors.Fatal => "an earlier error was fatal for this producer, see its log: make a new one",
        NativeErrors.MessageTimedOut =>
            $"no broker of {_bootstrapServers} took it within the delivery time-out ({_lastError ?? "no error was heard"}); "
            + $"check that a broker serves there ({nameof(SchemaStreamOptions)}.{nameof(SchemaStreamOptions.BootstrapServers)})",
        NativeErrors.UnknownPartition => "the topic has no such partition",
        NativeErrors.MessageTooLarge =>
            "the broker takes no record of that size: its limit is the topic's max.message.bytes, or the broker's message.max.bytes",
        _ => NativeClient.TextOf(error),
    };

    private int Produce(EncodedRecord record, nint opaque)
    {
        fixed (byte* key = record.Key, value = record.Value)
        {
            var result = Librdkafka.Produce(
                _topic,
                record.Partition,
                Librdkafka.FlagCopy,
                PointerOf(value, record.ValueLength),
                (nuint)record.Value.Length,
                PointerOf(key, record.KeyLength),
                (nuint)record.Key.Length,
                opaque);
            return result == 0 ? NativeErrors.None : Librdkafka.LastError();
        }
    }

    private int ProduceWithExtras(EncodedRecord record, nint opaque)
    {
        const int most = 7;
        var arguments = stackalloc NativeArgument[most];
        var count = 0;
        var headers = record.Headers is null ? 0 : NativeHeaders.Make(record.Headers);
        fixed (byte* key = record.Key, value = record.Value)
        {
            arguments[count++] = NativeArgument.Of(NativeArgumentKind.TopicHandle, _topic.DangerousGetHandle());
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

            return headers == 0 ? ProduceArguments(arguments, count) : ProduceArguments(arguments, count, headers);
        }
    }

    private int ProduceArguments(NativeArgument* arguments, int count)
    {
        var failure = Librdkafka.ProduceArguments(_client, arguments, (nuint)count);
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
        var all = stackalloc NativeArgument[count + 1];
        new ReadOnlySpan<NativeArgument>(arguments, count).CopyTo(new Span<NativeArgument>(all, count));
        all[count] = NativeArgument.Of(NativeArgumentKind.Headers, headers);
        var error = ProduceArguments(all, count + 1);
        if (error != NativeErrors.None)
        {
            Librdkafka.HeadersDestroy(headers); // librdkafka owns them only if it took the record
        }

        return error;
    }

    /// <summary>A null pointer means no key or value; an empty one needs an address all the same.</summary>
    private static void* PointerOf(byte* bytes, int length) =>
        length < 0 ? null : bytes is not null ? bytes : NativeHeaders.SomeAddress;
}
