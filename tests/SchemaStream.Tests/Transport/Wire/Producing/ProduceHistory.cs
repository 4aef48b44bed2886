using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Producing;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>
/// One producer's life under a seed: records come, requests go out, and whatever can become of a request does. At the end
/// all is well again, and what the log holds is held against what the senders were told.
/// </summary>
internal sealed class ProduceHistory
{
    private const string Topic = "notes";
    private const int PartitionCount = 2;
    private const int Node = 1;

    private readonly Random _random;
    private readonly ProduceSettings _settings;
    private readonly ProduceState _state;
    private readonly SimulatedPartition[] _partitions = [new(), new()];

    /// <summary>Requests of the present connection, in their order.</summary>
    private readonly Queue<ProduceTurn> _network = new();

    /// <summary>Batches of connections that are gone, which the broker still comes to.</summary>
    private readonly Queue<(int Partition, byte[] Bytes)> _late = new();

    private readonly List<int>[] _sent = [[], []];
    private readonly Dictionary<int, Fate> _fates = [];

    /// <summary>
    /// Whether epochs are used up: a new producer id follows. What the broker comes to late under the old id it would then
    /// take after what is newer, which no client can prevent; so it comes to everything in time.
    /// </summary>
    private readonly bool _usesUpEpochs;

    private long _nowMs = 1_000;
    private int _identities;
    private int _nextId;

    public ProduceHistory(int seed)
    {
        _random = new Random(seed);
        _usesUpEpochs = _random.Next(4) == 0;
        _settings = new ProduceSettings
        {
            IsIdempotent = true,
            LingerMs = _random.Next(3),
            MaxBatchRecords = 1 + _random.Next(6),
            MaxInFlight = 1 + _random.Next(5),
            DeliveryTimeoutMs = _random.Next(3) == 0 ? 60 : 100_000,
            RetryBackoffMs = 5,
            LongestRetryBackoffMs = 20,
        };
        _state = new ProduceState(Topic, _settings, _random.Next);
    }

    private enum Fate
    {
        Pending,
        Delivered,
        Failed,
        Unknown,
    }

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step(_random.Next(100));
            Settle();
        }

        Array.ForEach(_partitions, partition => partition.MaxBatchBytes = int.MaxValue);
        for (var turn = 0; _state.Pending > 0; turn++)
        {
            turn.ShouldBeLessThan(100_000, "what is pending ends");
            _nowMs += 5;
            Look();
            Fill();
            while (_network.Count > 0)
            {
                Answer(broken: ErrorCode.None);
            }

            Settle();
        }

        Check();
    }

    private void Step(int dice)
    {
        switch (dice)
        {
            case < 45:
                Add(_random.Next(PartitionCount));
                break;
            case < 65:
                Look();
                Fill();
                break;
            case < 80:
                Answer(ErrorCode.None);
                break;
            case < 84:
                Answer(Pick(ErrorCode.NotLeaderOrFollower, ErrorCode.NotEnoughReplicas, ErrorCode.KafkaStorageError));
                break;
            case < 87:
                Answer(Pick(ErrorCode.NotEnoughReplicasAfterAppend, ErrorCode.RequestTimedOut)); // after the append
                break;
            case < 88:
                Answer(ErrorCode.InvalidRecord);
                break;
            case < 91:
                Break();
                break;
            case < 93 when _late.Count > 0:
                var (partition, bytes) = _late.Dequeue();
                _partitions[partition].Append(bytes);
                break;
            case < 94:
                _partitions[_random.Next(PartitionCount)].MaxBatchBytes = _random.Next(2) == 0 ? 90 : int.MaxValue;
                break;
            default:
                _nowMs += _random.Next(15);
                break;
        }
    }

    private ErrorCode Pick(params ErrorCode[] errors) => errors[_random.Next(errors.Length)];

    private void Add(int partition)
    {
        var record = Records.Of(_nextId, partition);
        _sent[partition].Add(_nextId);
        _fates[_nextId++] = Fate.Pending;
        _state.Add(record, ProducerBatch.SizeOf(record), delivery: null, timestampMs: _nowMs, _nowMs, out _);
        record.Return();
    }

    private void Look()
    {
        _state.Expire(_nowMs);
        if (_state.TakeLayoutChore(_nowMs))
        {
            _state.OnLayout(
                new TopicLayout(ErrorCode.None, Guid.Empty, [.. Enumerable.Range(0, PartitionCount).Select(n => new PartitionLeader(n, Node, 0))]),
                _nowMs);
        }

        if (_state.NeedsIdentity)
        {
            _state.OnIdentity(new ProducerIdentity(100 + _identities++, _usesUpEpochs ? (short)(short.MaxValue - _random.Next(3)) : (short)0));
        }
    }

    private void Fill()
    {
        while (_network.Count < _settings.MaxInFlight)
        {
            var turn = new ProduceTurn();
            if (!_state.TryFill(turn, Node, _nowMs))
            {
                return;
            }

            turn.Fill(BatchCompression.None);
            _network.Enqueue(turn);
        }
    }

    /// <summary>The broker comes to the oldest request.</summary>
    private void Answer(ErrorCode broken)
    {
        if (!_network.TryDequeue(out var turn))
        {
            return;
        }

        var answered = new ProduceResponse.TopicProduceResponse { Name = Topic };
        foreach (var data in turn.Request.TopicData[0].PartitionData)
        {
            var isAppended = broken is ErrorCode.None or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.RequestTimedOut;
            var (error, offset) = isAppended ? _partitions[data.Index].Append(data.Records!.Value) : (broken, -1);
            answered.PartitionResponses.Add(new()
            {
                Index = data.Index, ErrorCode = error == ErrorCode.None ? broken : error, BaseOffset = broken == ErrorCode.None ? offset : -1,
            });
        }

        turn.Response.Responses.Clear();
        turn.Response.Responses.Add(answered);
        _state.OnResponse(turn, isById: false, _nowMs);
    }

    /// <summary>The connection ends: the broker has got some of the requests, and comes to them sooner or later.</summary>
    private void Break()
    {
        var got = _random.Next(_network.Count + 1);
        while (_network.TryDequeue(out var turn))
        {
            foreach (var data in got-- > 0 ? turn.Request.TopicData[0].PartitionData : [])
            {
                if (_usesUpEpochs || (_late.Count == 0 && _random.Next(2) == 0))
                {
                    _partitions[data.Index].Append(data.Records!.Value);
                }
                else
                {
                    _late.Enqueue((data.Index, data.Records!.Value.ToArray()));
                }
            }

            _state.OnNodeFailed(turn, _nowMs);
        }
    }

    private void Settle()
    {
        foreach (var settled in _state.Settled)
        {
            var fate = settled.Failure is null ? Fate.Delivered : settled.Failure.IsOutcomeUnknown ? Fate.Unknown : Fate.Failed;
            foreach (var id in settled.Alone is { } alone ? [BitConverter.ToInt32(alone.Record.Value)] : IdsOf(settled.Batch!))
            {
                _fates[id].ShouldBe(Fate.Pending, $"record {id} is told of once");
                _fates[id] = fate;
            }

            if (settled.Batch is { } batch)
            {
                _state.Free(batch);
            }
        }

        _state.Settled.Clear();
    }

    private static List<int> IdsOf(ProducerBatch batch)
    {
        var ids = new List<int>();
        foreach (var record in Protocol.Records.RecordBatchReader.OfUncompressed(batch.Seal(BatchCompression.None).Span))
        {
            ids.Add(BitConverter.ToInt32(record.Value));
        }

        return ids;
    }

    private void Check()
    {
        // What is late is later than all.
        while (_late.TryDequeue(out var late))
        {
            _partitions[late.Partition].Append(late.Bytes);
        }

        _state.PendingBytes.ShouldBe(0);
        for (var partition = 0; partition < PartitionCount; partition++)
        {
            var log = _partitions[partition].Log;
            log.SequenceEqual(log.Distinct().Order()).ShouldBeTrue($"nothing is there twice, nor out of order: {string.Join(",", log)}");
            foreach (var id in _sent[partition])
            {
                var isThere = log.Contains(id);
                switch (_fates[id])
                {
                    case Fate.Delivered:
                        isThere.ShouldBeTrue($"record {id} was acknowledged");
                        break;
                    case Fate.Failed:
                        isThere.ShouldBeFalse($"record {id} was said not to be there");
                        break;
                    case Fate.Pending:
                        throw new InvalidOperationException($"Record {id} was never told of.");
                }
            }
        }
    }
}
