using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Offsets;

public sealed class TransactionalOffsetTests
{
    private static readonly TransactionalProducer Producer = new(7, 0);
    private static readonly TransactionalProducer Other = new(8, 0);
    private ShardDriver _shard = new();

    [Fact]
    public void Commit_InATransaction_IsSeenOnceTheTransactionIsCommitted()
    {
        ErrorOf(Commit(1)).ShouldBe(ErrorCode.None);
        ErrorOf(In(Producer, 5)).ShouldBe(ErrorCode.None);
        Fetched().CommittedOffset.ShouldBe(1);
        Fetched(stable: true).ShouldSatisfyAllConditions(
            offset => offset.CommittedOffset.ShouldBe(-1),
            offset => offset.ErrorCode.ShouldBe(ErrorCode.UnstableOffsetCommit));

        _shard.EndTransaction(Producer.ProducerId, commit: true);
        Fetched(stable: true).ShouldBe(new FetchedOffset(0, 5, 3, "note", ErrorCode.None));
    }

    [Fact]
    public void Commit_InAnAbortedTransaction_IsNeverSeen()
    {
        ErrorOf(In(Producer, 5));
        _shard.EndTransaction(Producer.ProducerId, commit: false);
        Fetched(stable: true).CommittedOffset.ShouldBe(-1);
        _shard.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _shard.Ask(new DeleteGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound, "nothing is left of it");
    }

    [Fact]
    public void ALaterCommit_WinsOverOneThatWasPendingBefore()
    {
        ErrorOf(In(Producer, 5));
        ErrorOf(Commit(9));
        Fetched(stable: true).ErrorCode.ShouldBe(ErrorCode.UnstableOffsetCommit, "the marker is still to come");
        _shard.EndTransaction(Producer.ProducerId, commit: true);
        Fetched(stable: true).CommittedOffset.ShouldBe(9);
    }

    [Fact]
    public void OfTwoTransactions_TheOneWhoseCommitStandsLaterInTheLogWins_WhicheverEndsFirst()
    {
        ErrorOf(In(Producer, 5));
        ErrorOf(In(Other, 6));
        _shard.EndTransaction(Other.ProducerId, commit: true);
        _shard.EndTransaction(Producer.ProducerId, commit: true);
        Fetched(stable: true).CommittedOffset.ShouldBe(6);
    }

    [Fact]
    public void DeletedOffsets_TakeWhatIsPendingWithThem()
    {
        ErrorOf(In(Producer, 5));
        _shard.Ask(new OffsetDeleteCommand(Group, [new TopicPartitions("orders", [0])]));
        Fetched(stable: true).ErrorCode.ShouldBe(ErrorCode.None);
        _shard.EndTransaction(Producer.ProducerId, commit: true);
        Fetched().CommittedOffset.ShouldBe(-1);
    }

    [Fact]
    public void Offsets_ThatATransactionIsAboutToMove_DoNotExpire()
    {
        _shard = new ShardDriver(new GroupShardOptions { OffsetsRetention = TimeSpan.FromMinutes(30) });
        ErrorOf(Commit(1));
        ErrorOf(In(Producer, 2));
        _shard.Advance(TimeSpan.FromHours(2));
        Fetched().CommittedOffset.ShouldBe(1);
        _shard.EndTransaction(Producer.ProducerId, commit: false);
        _shard.Advance(TimeSpan.FromHours(1));
        Fetched().CommittedOffset.ShouldBe(-1);
    }

    [Fact]
    public void Members_AreCheckedWhereTheyAreNamed()
    {
        var joined = _shard.Ask(Join("a"));
        ErrorOf(In(Producer, 1)).ShouldBe(ErrorCode.None, "a producer of before KIP-447 names no member");
        ErrorOf(In(Producer, 1, joined)).ShouldBe(ErrorCode.None, "it was read before the rebalance");
        ErrorOf(In(Producer, 1, joined) with { GenerationIdOrMemberEpoch = 9 }).ShouldBe(ErrorCode.IllegalGeneration);
        ErrorOf(In(Producer, 1, joined) with { MemberId = "who" }).ShouldBe(ErrorCode.UnknownMemberId);
    }

    /// <summary>Commits of both kinds, ends of transactions, deletions and restarts, against the log read from its beginning.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomHistories_AreAsTheLogSays(int seed)
    {
        var random = new Random(seed);
        var model = new OffsetModel();
        for (var step = 0; step < 60; step++)
        {
            var partition = random.Next(3);
            var producer = new TransactionalProducer(random.Next(3), 0);
            switch (random.Next(10))
            {
                case < 3:
                    ErrorOf(Commit(step, partition: partition));
                    model.Commit(partition, step);
                    break;
                case < 6:
                    ErrorOf(Commit(step, partition: partition) with { Transaction = producer });
                    model.Pend(producer.ProducerId, partition, step);
                    break;
                case < 8:
                    var isCommit = random.Next(2) == 0;
                    _shard.EndTransaction(producer.ProducerId, isCommit);
                    model.End(producer.ProducerId, isCommit);
                    break;
                case 8:
                    _shard.Ask(new OffsetDeleteCommand(Group, [new TopicPartitions("orders", [partition])]));
                    model.Delete(partition);
                    break;
                default:
                    _shard = _shard.Restart();
                    break;
            }

            for (var i = 0; i < 3; i++)
            {
                Fetched(partition: i).CommittedOffset.ShouldBe(model.Offset(i), $"seed {seed}, step {step}, partition {i}");
                (Fetched(stable: true, i).ErrorCode == ErrorCode.UnstableOffsetCommit)
                    .ShouldBe(model.IsPending(i), $"seed {seed}, step {step}, partition {i}");
            }
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 300)];

    private static OffsetCommitCommand In(TransactionalProducer producer, long offset, JoinGroupReply? member = null) =>
        Commit(offset, member) with { Transaction = producer };

    private ErrorCode ErrorOf(OffsetCommitCommand commit) => _shard.Ask(commit).Topics.Single().Partitions.Single().ErrorCode;

    private FetchedOffset Fetched(bool stable = false, int partition = 0) => _shard
        .Ask(FetchAll() with { Topics = [new TopicPartitions("orders", [partition])], RequireStable = stable })
        .Topics.Single().Partitions.Single();

    /// <summary>Keeps the whole history and looks through it for the last commit that counts.</summary>
    private sealed class OffsetModel
    {
        private readonly List<(int Partition, long Offset, long? Producer, bool Counts)> _commits = [];

        public void Commit(int partition, long offset) => _commits.Add((partition, offset, null, true));

        public void Pend(long producer, int partition, long offset)
        {
            _commits.RemoveAll(commit => commit.Producer == producer && commit.Partition == partition);
            _commits.Add((partition, offset, producer, false));
        }

        public void End(long producer, bool isCommit)
        {
            for (var i = _commits.Count - 1; i >= 0; i--)
            {
                if (_commits[i].Producer == producer)
                {
                    _commits[i] = _commits[i] with { Producer = null, Counts = isCommit };
                }
            }
        }

        public void Delete(int partition) => _commits.RemoveAll(commit => commit.Partition == partition);

        public long Offset(int partition) =>
            _commits.FindLastIndex(commit => commit.Partition == partition && commit.Counts) is >= 0 and var i ? _commits[i].Offset : -1;

        public bool IsPending(int partition) => _commits.Exists(commit => commit.Partition == partition && commit.Producer is not null);
    }
}
