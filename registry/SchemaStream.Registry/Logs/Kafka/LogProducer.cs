using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs.Kafka;

/// <summary>Writes to the log's topics, in order and once, and keeps out every producer that was there before.</summary>
/// <remarks>
/// All instances share one producer id, by way of a transactional id that no transaction is ever begun with: whoever asks
/// for it gets the next epoch, and once a record of that epoch is in a topic, the topic refuses earlier ones. So a leader
/// that does not know yet that it was replaced cannot write any more, whatever the group believes; and who has written
/// its first record and read up to there has seen everything that can be in front of its own records.
/// Called by the registry's writer alone, one call at a time.
/// </remarks>
internal sealed class LogProducer(
    KafkaCluster cluster, LogTopics topics, KafkaStoreOptions options, Func<double> jitter, TimeProvider time, ILogger logger)
{
    private const short InitProducerIdVersion = 1;
    private const short ProduceVersion = 7;
    private const int TransactionTimeoutMs = 60_000;
    private const int LargestBatchBytes = 512 * 1024;

    /// <summary>Brokers forget an idle transactional id after seven days, and what a producer wrote last after one.</summary>
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<(long Id, short Epoch), bool> _own = new();
    private Session? _session;

    /// <summary>Whether a batch of the log is from this instance.</summary>
    public bool IsOwn(long producerId, short producerEpoch) => _own.ContainsKey((producerId, producerEpoch));

    /// <summary>Sees to it that the next record is of this instance's own epoch.</summary>
    /// <returns>The ends behind the epoch's records: the first ones, and whatever was appended since.</returns>
    /// <exception cref="TimeoutException">The cluster did not let it in time.</exception>
    public async ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken)
    {
        if (_session is { } current && time.GetElapsedTime(current.Since) < LongestSession)
        {
            return current.Barrier;
        }

        _session = null;
        var deadline = new Deadline(time, options.WriteTimeout);
        while (true)
        {
            try
            {
                var session = await OpenAsync(deadline, cancellationToken).ConfigureAwait(false);
                _session = session;
                RegistryMessages.WritesToLog(logger, options.Topic, session.ProducerId, session.ProducerEpoch, session.Barrier.Schemas);
                return session.Barrier;
            }
            catch (LogInterruptedException) when (!deadline.IsOver)
            {
                // Another instance has asked for its epoch in this very moment; whoever asks last goes on.
                await Task.Delay(new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), jitter).Next(), time, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <returns>The records' offsets.</returns>
    /// <exception cref="LogInterruptedException">Another instance has taken over; or some are written and some may not be.</exception>
    /// <exception cref="TimeoutException">The cluster did not answer in time.</exception>
    public async ValueTask<IReadOnlyList<long>> AppendAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        var session = _session ?? throw new LogInterruptedException("Nothing was begun.");
        var deadline = new Deadline(time, options.WriteTimeout);
        var offsets = new long[records.Count];

        // Claims first: a schema must not outrun the contract that it binds, should this process end in between.
        foreach (var log in new[] { LogName.Contracts, LogName.Schemas })
        {
            foreach (var chunk in Chunks(records, log))
            {
                await AppendAsync(session, log, chunk, records, offsets, deadline, cancellationToken).ConfigureAwait(false);
            }
        }

        return offsets;
    }

    private async Task AppendAsync(
        Session session,
        LogName log,
        List<int> chunk,
        IReadOnlyList<LogRecord> records,
        long[] offsets,
        Deadline deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            var first = await ProduceAsync(session, log, chunk.ConvertAll(i => records[i]), deadline, cancellationToken)
                .ConfigureAwait(false);
            for (var i = 0; i < chunk.Count; i++)
            {
                offsets[chunk[i]] = first + i;
            }
        }
        catch (RecordTooLargeException) when (chunk.Count > 1)
        {
            // Refused as a whole: one by one it shows which of them it is, if it is one at all.
            foreach (var i in chunk)
            {
                await AppendAsync(session, log, [i], records, offsets, deadline, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<Session> OpenAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        var (id, epoch) = await IdentifyAsync(deadline, cancellationToken).ConfigureAwait(false);
        _own[(id, epoch)] = true;
        var session = new Session(id, epoch, time.GetTimestamp());
        foreach (var log in new[] { LogName.Contracts, LogName.Schemas })
        {
            var noop = new LogRecord(log, NoopKey.ToArray(), null, time.GetUtcNow());
            await ProduceAsync(session, log, [noop], deadline, cancellationToken).ConfigureAwait(false);
        }

        return session;
    }

    private static ReadOnlySpan<byte> NoopKey => """{"keytype":"NOOP","magic":0}"""u8;

    private Task<(long Id, short Epoch)> IdentifyAsync(Deadline deadline, CancellationToken cancellationToken) => RetryAsync(
        async token =>
        {
            var name = $"schemastream-registry-{options.Topic}";
            var coordinator = await cluster
                .CoordinatorAsync(CoordinatorKind.Transaction, name, ConnectionUse.Shared, token).ConfigureAwait(false);
            var answer = await coordinator.SendAsync(
                new InitProducerIdRequest { TransactionalId = name, TransactionTimeoutMs = TransactionTimeoutMs },
                InitProducerIdVersion,
                token).ConfigureAwait(false);
            KafkaErrorException.Require(answer.ErrorCode, $"The producer id of {name}");
            return (answer.ProducerId, answer.ProducerEpoch);
        },
        deadline,
        cancellationToken);

    /// <summary>Sends the same batch until an answer is final: a leader knows by its sequence what it has already.</summary>
    private async Task<long> ProduceAsync(
        Session session, LogName log, List<LogRecord> records, Deadline deadline, CancellationToken cancellationToken)
    {
        var batch = Encode(session, log, records);
        try
        {
            var offset = await RetryAsync(token => SendAsync(log, batch, token), deadline, cancellationToken).ConfigureAwait(false);
            session.Advance(log, records.Count);

            // Whoever gives up waiting for its own records must not decide without them the next time.
            session.Barrier = session.Barrier.After(log, offset + records.Count - 1);
            return offset;
        }
        catch (KafkaErrorException tooLarge) when (tooLarge.Error is ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge)
        {
            throw new RecordTooLargeException(records[0], tooLarge);
        }
        catch (KafkaErrorException fenced) when (MeansAnotherWriter(fenced.Error))
        {
            _session = null;
            throw new LogInterruptedException($"Another instance writes to {topics.NameOf(log)} now.", fenced);
        }
        catch (KafkaErrorException refused)
        {
            _session = null;
            throw new RegistryLogException($"The topic {topics.NameOf(log)} refused a record: {refused.Error}", refused);
        }
        catch (TimeoutException)
        {
            _session = null;
            throw;
        }
    }

    private async Task<long> SendAsync(LogName log, byte[] batch, CancellationToken cancellationToken)
    {
        var topic = topics.NameOf(log);
        var leader = await cluster.LeaderAsync(topic, ConnectionUse.Shared, cancellationToken).ConfigureAwait(false);
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = (int)options.WriteTimeout.TotalMilliseconds,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = batch }] }],
        };
        var answer = await leader.SendAsync(request, ProduceVersion, cancellationToken).ConfigureAwait(false);
        var partition = answer.Responses.Single().PartitionResponses.Single();
        KafkaErrorException.Require(partition.ErrorCode, $"Writing to {topic}");
        return partition.BaseOffset;
    }

    private async Task<T> RetryAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Deadline deadline, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), jitter);
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = time.CreateTimer(static source => Cancel(source), limit, deadline.Left, Timeout.InfiniteTimeSpan);
            Exception reason;
            try
            {
                return await attempt(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("The cluster did not answer in time.", late);
            }
            catch (Exception passing) when (KafkaCluster.IsPassing(passing))
            {
                reason = passing;
            }

            if (deadline.IsOver)
            {
                throw new TimeoutException($"The cluster did not answer in time: {reason.Message}", reason);
            }

            RegistryMessages.WriteRetried(logger, options.Topic, reason);
            await Task.Delay(backoff.Next(), time, cancellationToken).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A timer that fires as its wait ends finds the source disposed.")]
    private static void Cancel(object? source)
    {
        try
        {
            ((CancellationTokenSource)source!).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait has just ended by itself.
        }
    }

    private static bool MeansAnotherWriter(ErrorCode error) => error is ErrorCode.InvalidProducerEpoch
        or ErrorCode.ProducerFenced or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.DuplicateSequenceNumber
        or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerIdMapping;

    private static byte[] Encode(Session session, LogName log, IReadOnlyList<LogRecord> records)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = session.ProducerId,
            ProducerEpoch = session.ProducerEpoch,
            BaseSequence = session.NextSequence(log),
        };
        foreach (var record in records)
        {
            // A null array would turn into empty memory, which is no tombstone.
            builder.Add(
                record.Timestamp.ToUnixTimeMilliseconds(),
                record.Key,
                record.Value is null ? (ReadOnlyMemory<byte>?)null : record.Value);
        }

        return builder.Build();
    }

    /// <summary>A log's records by their index, in batches that a broker takes; one that is larger goes alone.</summary>
    private static IEnumerable<List<int>> Chunks(IReadOnlyList<LogRecord> records, LogName log)
    {
        var chunk = new List<int>();
        var bytes = 0;
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i].Log != log)
            {
                continue;
            }

            var size = records[i].Key.Length + (records[i].Value?.Length ?? 0);
            if (chunk.Count > 0 && bytes + size > LargestBatchBytes)
            {
                yield return chunk;
                chunk = [];
                bytes = 0;
            }

            chunk.Add(i);
            bytes += size;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private sealed class Session(long producerId, short producerEpoch, long since)
    {
        private int _schemas;
        private int _contracts;

        public long ProducerId { get; } = producerId;

        public short ProducerEpoch { get; } = producerEpoch;

        public long Since { get; } = since;

        public LogEnds Barrier { get; set; }

        public int NextSequence(LogName log) => log == LogName.Schemas ? _schemas : _contracts;

        public void Advance(LogName log, int records)
        {
            ref var next = ref (log == LogName.Schemas ? ref _schemas : ref _contracts);
            next = RecordBatchHeader.AddToSequence(next, records);
        }
    }

    private readonly struct Deadline(TimeProvider time, TimeSpan limit)
    {
        private readonly long _start = time.GetTimestamp();

        public TimeSpan Left => limit - time.GetElapsedTime(_start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

        public bool IsOver => Left == TimeSpan.Zero;
    }
}
