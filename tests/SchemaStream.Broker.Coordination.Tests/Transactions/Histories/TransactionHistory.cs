using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests.Transactions.Histories;

/// <summary>
/// One random history of producers, zombies among them, of a coordinator that dies, and of a network that loses replies
/// and brings requests late; checked against what users were promised, which is simpler than how it is kept:
/// what one transaction wrote is committed everywhere or nowhere, and as its producer was told; and who was replaced
/// gets nothing done any more.
/// </summary>
internal sealed class TransactionHistory
{
    private const int Steps = 120;
    private static readonly string[] Ids = ["a", "b"];
    private readonly Random _random;
    private readonly TransactionDriver _driver = new();
    private readonly List<SimulatedProducer> _producers = [];
    private readonly Dictionary<string, int> _owners = new(StringComparer.Ordinal);
    private readonly SimulatedPartition[] _partitions = [new("p"), new("q"), new("r")];
    private readonly Dictionary<int, bool> _told = [];
    private readonly HashSet<int> _commitsAsked = [];
    private readonly List<(SimulatedProducer Producer, EndTransactionCommand Command)> _late = [];
    private readonly List<string> _steps = [];
    private int _incarnations;
    private int _attempts;

    private TransactionHistory(int seed)
    {
        _random = new Random(seed);

        // Where the epochs are soon used up, more happens.
        foreach (var id in Ids.Where(_ => _random.Next(3) == 0))
        {
            _driver.Seed(id, new TransactionMetadata
            {
                ProducerId = 7 + id[0],
                ProducerEpoch = (short)(short.MaxValue - 1 - _random.Next(6)),
                TransactionTimeoutMs = 30_000,
                State = TransactionState.Empty,
                LastUpdateTimestampMs = _driver.NowMs,
            });
        }
    }

    public static void Run(int seed)
    {
        var history = new TransactionHistory(seed);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                history.Step();
                if (step % 10 == 0)
                {
                    history.CheckReplay();
                }
            }

            history.Settle();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"Seed {seed} fails: {failure.Message}\n{string.Join('\n', history._steps.TakeLast(40))}", failure);
        }
    }

    private void Step()
    {
        switch (_random.Next(20))
        {
            case 0 or 1:
                Start();
                break;
            case 2:
                Note("time passes");
                _driver.Advance(TimeSpan.FromSeconds(_random.Next(1, 40)));
                break;
            case 3:
                Note("the coordinator dies");
                _driver.Restart();
                break;
            case 4 or 5 or 6:
                WriteSomeMarkers();
                break;
            case 7 when _late.Count > 0:
                DeliverLate();
                break;
            default:
                if (_producers.Count > 0)
                {
                    Act(_producers[_random.Next(_producers.Count)]);
                }

                break;
        }
    }

    private void Start()
    {
        var id = Ids[_random.Next(Ids.Length)];
        _producers.Add(new SimulatedProducer(id, ++_incarnations, _random.Next(2) == 0));
        if (_producers.Count > 6)
        {
            _producers.RemoveAt(0);
        }
    }

    private void Act(SimulatedProducer producer)
    {
        switch (producer.Phase)
        {
            case ProducerPhase.New:
                Initialize(producer, isContinued: false);
                break;
            case ProducerPhase.Ready when _random.Next(6) == 0:
                Initialize(producer, isContinued: true);
                break;
            case ProducerPhase.Ready:
                producer.Attempt = ++_attempts;
                producer.Phase = ProducerPhase.InTransaction;
                Write(producer);
                break;
            case ProducerPhase.InTransaction when _random.Next(3) > 0:
                Write(producer);
                break;
            case ProducerPhase.InTransaction:
                producer.Commits = _random.Next(3) > 0;
                producer.Phase = ProducerPhase.Ending;
                End(producer);
                break;
            case ProducerPhase.Ending:
                End(producer);
                break;
        }
    }

    private void Initialize(SimulatedProducer producer, bool isContinued)
    {
        var command = new InitProducerIdCommand(producer.TransactionalId, TimeSpan.FromSeconds(30))
        {
            ProducerId = isContinued ? producer.ProducerId : -1,
            ProducerEpoch = isContinued ? producer.ProducerEpoch : (short)-1,
        };
        var before = _driver.Find(producer.TransactionalId);
        var reply = _driver.TryAsk(command, Fate());
        Note($"{producer} initializes: {reply}");
        var after = _driver.Find(producer.TransactionalId);
        if (!isContinued && after is { State: TransactionState.Empty }
            && (after.ProducerId, after.ProducerEpoch) != (before?.ProducerId ?? -1, before?.ProducerEpoch ?? -1))
        {
            // Told or not: whoever was before is out.
            _owners[producer.TransactionalId] = producer.Incarnation;
        }

        if (reply is { ErrorCode: ErrorCode.None })
        {
            reply.ProducerEpoch.ShouldBeInRange((short)0, (short)(short.MaxValue - 1));
            ShouldOwn(producer);
            (producer.ProducerId, producer.ProducerEpoch) = (reply.ProducerId, reply.ProducerEpoch);
            producer.Phase = ProducerPhase.Ready;
        }
        else
        {
            DieOf(producer, reply?.ErrorCode);
        }
    }

    private void Write(SimulatedProducer producer)
    {
        var partition = _partitions[_random.Next(_partitions.Length)];
        var names = new[] { new TopicPartitionName(partition.Topic, 0) };
        var mode = producer.BumpsEpoch ? PartitionRegistrationMode.AddForProducer : PartitionRegistrationMode.Add;
        var reply = _driver.TryAsk(
            new AddPartitionsCommand(producer.TransactionalId, producer.ProducerId, producer.ProducerEpoch, names, mode), Fate());
        Note($"{producer} adds {partition.Topic} to attempt {producer.Attempt}: {reply?.Errors[0]}");
        if (reply?.Errors[0] != ErrorCode.None)
        {
            DieOf(producer, reply?.Errors[0]);
            return;
        }

        ShouldOwn(producer);

        // The partition's leader asks before it takes the first record; what it then takes comes at once.
        var verified = _driver.Ask(new AddPartitionsCommand(
            producer.TransactionalId, producer.ProducerId, producer.ProducerEpoch, names, PartitionRegistrationMode.Verify));
        verified.Errors[0].ShouldBe(ErrorCode.None);
        partition.TryWrite(producer.ProducerId, producer.ProducerEpoch, producer.Attempt).ShouldBeTrue("who may add may write");
    }

    private void End(SimulatedProducer producer)
    {
        var command = new EndTransactionCommand(
            producer.TransactionalId, producer.ProducerId, producer.ProducerEpoch, producer.Commits)
        {
            BumpsEpoch = producer.BumpsEpoch,
        };
        if (producer.Commits)
        {
            _commitsAsked.Add(producer.Attempt);
        }

        if (producer.BumpsEpoch && _random.Next(3) == 0)
        {
            // A copy is on its way as well. Under v1 that is a flaw of the protocol which no broker can mend.
            _late.Add((producer, command));
        }

        var reply = _driver.TryAsk(command, Fate());
        Note($"{producer} ends attempt {producer.Attempt}, commit {producer.Commits}: {reply}");
        if (reply is not { ErrorCode: ErrorCode.None })
        {
            DieOf(producer, reply?.ErrorCode);
            return;
        }

        ShouldOwn(producer);
        _told[producer.Attempt] = producer.Commits;
        producer.Phase = ProducerPhase.Ready;
        if (producer.BumpsEpoch)
        {
            (producer.ProducerId, producer.ProducerEpoch) = (reply.ProducerId, reply.ProducerEpoch);
            reply.ProducerEpoch.ShouldBeInRange((short)0, (short)(short.MaxValue - 1));
        }
    }

    private void DeliverLate()
    {
        var (producer, command) = _late[_random.Next(_late.Count)];
        var before = _driver.Find(producer.TransactionalId);
        var reply = _driver.TryAsk(command, Fate());
        Note($"late: {command} of {producer}: {reply}");
        if (before is not null && (before.ProducerId != command.ProducerId || before.ProducerEpoch != command.ProducerEpoch))
        {
            _driver.Find(producer.TransactionalId)!.State.ShouldBe(before.State, "a late request touches no other transaction");
        }
    }

    private void WriteSomeMarkers()
    {
        if (_driver.Markers.Count == 0)
        {
            return;
        }

        var write = _driver.Markers[_random.Next(_driver.Markers.Count)];
        var isAll = _random.Next(4) > 0;
        Note($"markers: {write.TransactionalId} {write.ProducerId}:{write.ProducerEpoch} commit {write.Commit}, all {isAll}");
        foreach (var partition in write.Partitions.Take(isAll ? int.MaxValue : 1))
        {
            _partitions.Single(each => each.Topic == partition.Topic).WriteMarker(write.ProducerId, write.ProducerEpoch, write.Commit);
        }

        if (isAll)
        {
            var reply = _driver.TryAsk(
                new CompleteTransactionCommand(write.TransactionalId, write.ProducerId, write.ProducerEpoch), Fate());
            if (reply is { ErrorCode: ErrorCode.None })
            {
                _driver.Markers.Remove(write);
            }
        }
    }

    private void Settle()
    {
        Note("everything settles");
        CheckReplay();
        _driver.Restart();
        _driver.Advance(TimeSpan.FromMinutes(2));
        foreach (var write in _driver.Markers.ToArray())
        {
            foreach (var name in write.Partitions)
            {
                _partitions.Single(each => each.Topic == name.Topic).WriteMarker(write.ProducerId, write.ProducerEpoch, write.Commit);
            }
        }

        _driver.WriteMarkers();
        _driver.Ids.Values.ShouldAllBe(id => id.IsComplete || id.State == TransactionState.Empty);
        var outcomes = new Dictionary<int, bool>();
        foreach (var partition in _partitions)
        {
            partition.Open.ShouldBeEmpty("every record has a marker in the end");
            foreach (var (attempt, isCommitted) in partition.Outcomes)
            {
                (outcomes.TryGetValue(attempt, out var elsewhere) ? elsewhere : isCommitted).ShouldBe(
                    isCommitted, $"attempt {attempt} is all or nothing");
                outcomes[attempt] = isCommitted;
                (!isCommitted || _commitsAsked.Contains(attempt)).ShouldBeTrue($"attempt {attempt} was not asked to be committed");
            }
        }

        foreach (var (attempt, isCommitted) in _told.Where(told => outcomes.ContainsKey(told.Key)))
        {
            outcomes[attempt].ShouldBe(isCommitted, $"attempt {attempt} ended as its producer was told");
        }
    }

    /// <summary>After a crash the log alone has to do. The epoch before is not in it, as with Kafka.</summary>
    private void CheckReplay()
    {
        var replayed = _driver.Replayed().Ids;
        replayed.Count.ShouldBe(_driver.Ids.Count);
        foreach (var (id, state) in _driver.Ids)
        {
            replayed[id].Partitions.ShouldBe(state.Partitions);
            (replayed[id] with { Partitions = state.Partitions }).ShouldBe(state with { LastProducerEpoch = -1 });
        }
    }

    private void ShouldOwn(SimulatedProducer producer) =>
        _owners.GetValueOrDefault(producer.TransactionalId).ShouldBeLessThanOrEqualTo(
            producer.Incarnation, $"{producer} was replaced and gets nothing done any more");

    /// <summary>No reply, and what passes, is tried again.</summary>
    private static void DieOf(SimulatedProducer producer, ErrorCode? error)
    {
        if (error is not (null or ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorNotAvailable))
        {
            producer.Phase = ProducerPhase.Dead;
        }
    }

    private AppendFate Fate() => _random.Next(12) switch
    {
        0 => AppendFate.Refused,
        1 => AppendFate.CommittedThenCrash,
        2 => AppendFate.LostInCrash,
        _ => AppendFate.Committed,
    };

    private void Note(string step) => _steps.Add(step);
}
