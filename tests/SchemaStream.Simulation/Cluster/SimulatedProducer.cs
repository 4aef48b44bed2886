using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;
using SchemaStream.Simulation.Schedules;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// A producer of one partition. With acks=all it is idempotent as real clients are: up to five batches under way on one
/// connection, which keeps their order; after an error or a time-out a new connection, and the old batches one by one,
/// though the broker may still read the old connection. It believes whatever broker it asks who leads.
/// </summary>
internal sealed class SimulatedProducer
{
    private const int RetryMs = 60;
    private const int TimeoutMs = 700;
    private const int EndlessRefusals = 20;

    private readonly ClusterWorld _world;
    private readonly int _client;
    private readonly short _acks;
    private readonly int _window;
    private readonly List<Sent> _underWay = [];
    private Connection _connection = new();
    private long _producerId;
    private int _sequence;
    private int _uncleanElections;
    private int _refusedInCalm;
    private int _connections;
    private long _pausedUntilMs;
    private bool _isKnown;
    private bool _isEnding;

    public SimulatedProducer(ClusterWorld world, int client, PartitionKey key, short acks, int window)
    {
        (_world, _client, Key, _acks, _window) = (world, client, key, acks, window);
        _producerId = acks == -1 ? client * 1_000L : -1;
        world.Schedule.At(world.Schedule.Between(1, 100), Produce);
    }

    public PartitionKey Key { get; }

    /// <summary>Batches that were sent and not answered yet.</summary>
    public int UnderWay => _underWay.Count;

    private Schedule Schedule => _world.Schedule;

    /// <summary>Nothing new; what is under way is still to be answered.</summary>
    public void End() => _isEnding = true;

    private void Produce()
    {
        if (_isEnding)
        {
            return;
        }

        // A partition that knows nothing of a producer takes any sequence: until it knows something, one batch at a time.
        if (_underWay.Count < (_isKnown ? _window : 1))
        {
            var count = Schedule.Between(1, 3);
            _underWay.Add(new Sent(SimulatedRecord.Batch(_world.NextValue(count), count, _producerId, _sequence, Schedule.NowMs)));
            _sequence += count;
            Pump();
        }

        Schedule.At(Schedule.Between(5, 90), Produce);
    }

    /// <summary>Sends what may be sent: a new batch behind those under way, one that failed only when nothing is before it.</summary>
    private void Pump()
    {
        for (var i = 0; i < _underWay.Count && Schedule.NowMs >= _pausedUntilMs; i++)
        {
            var sent = _underWay[i];
            if (sent.On == _connection)
            {
                continue;
            }

            if (sent.On is not null && i > 0)
            {
                return;
            }

            Send(sent);
            if (_acks == 0)
            {
                _underWay.RemoveAt(i--);
            }
        }
    }

    private void Send(Sent sent)
    {
        var connection = sent.On = _connection;
        sent.Answer = null;
        var index = connection.Sent++;
        Schedule.At(TimeoutMs, () => Failed(sent, connection, retryMs: 0));
        Trace(sent, "sends");
        connection.Broker ??= _world.LeaderAsSomeoneKnows(Key);
        if (connection.Broker is not { } broker)
        {
            return;
        }

        _world.Ask<ProduceAnswer>(
            _client,
            broker,
            (process, reply) =>
            {
                if (index <= connection.Read)
                {
                    connection.Read = Math.Max(connection.Read, index + 1);
                    process.Broker.Produce(Key, sent.Batch, _acks, reply);
                }
            },
            answer => Answered(sent, connection, answer.Error));
    }

    private void Answered(Sent sent, Connection connection, ErrorCode error)
    {
        if (connection != _connection)
        {
            return;
        }

        // Answers come in the order of the requests: one that overtook others waits for them.
        sent.Answer = error;
        Trace(sent, $"is told {error} of");
        while (_underWay is [{ Answer: { } answer } first, ..] && first.On == _connection)
        {
            if (answer != ErrorCode.None)
            {
                first.Answer = null;
                Refused(first, connection, answer);
                return;
            }

            _underWay.RemoveAt(0);
            _isKnown = true;
        }

        Pump();
    }

    private void Refused(Sent sent, Connection connection, ErrorCode error)
    {
        if (error is ErrorCode.OutOfOrderSequenceNumber or ErrorCode.InvalidProducerEpoch)
        {
            OutOfOrder(sent, connection, error);
        }
        else
        {
            Failed(sent, connection, RetryMs);
        }
    }

    /// <summary>The connection is given up at once: what is sent on it now could overtake what failed.</summary>
    private void Failed(Sent sent, Connection connection, int retryMs)
    {
        if (connection == _connection && _underWay.Contains(sent))
        {
            Reconnect();
            _pausedUntilMs = Schedule.NowMs + retryMs;
            Schedule.At(retryMs, Pump);
        }
    }

    /// <summary>Nothing is under way before it: the partition has lost what was acknowledged, or forgotten that it had it.</summary>
    private void OutOfOrder(Sent sent, Connection connection, ErrorCode error)
    {
        var uncleanElections = _world.Metadata.History(Key).UncleanElections;
        if (uncleanElections == _uncleanElections)
        {
            // An old attempt may be answered so, or an old leader say it; whether all say it, the calm shows.
            if (Schedule.IsCalm && ++_refusedInCalm > EndlessRefusals)
            {
                throw new BrokenPromiseException($"{Key}: producer {_producerId} is told {error} though all before was acknowledged");
            }

            Failed(sent, connection, RetryMs);
            return;
        }

        // As a real one does: what is lost is lost, and a new id begins anew.
        _uncleanElections = uncleanElections;
        Reconnect();
        _producerId++;
        _sequence = 0;
        _isKnown = false;
        _underWay.Clear();
    }

    private void Reconnect()
    {
        _connections++;
        _connection = new Connection();
    }

    private void Trace(Sent sent, string what)
    {
        if (Schedule.IsTraced)
        {
            _world.Trace(_client, $"{Key}: {what} {new RecordBatchHeader(sent.Batch).BaseSequence} on connection {_connections}");
        }
    }

    private sealed class Connection
    {
        /// <summary>Who is on the other side, from the first request on.</summary>
        public int? Broker { get; set; }

        public int Sent { get; set; }

        /// <summary>How many requests the broker has read; none before the one before it.</summary>
        public int Read { get; set; }
    }

    private sealed class Sent(byte[] batch)
    {
        public byte[] Batch { get; } = batch;

        /// <summary>The connection it went out on last.</summary>
        public Connection? On { get; set; }

        /// <summary>On that connection; none while it waits.</summary>
        public ErrorCode? Answer { get; set; }
    }
}
