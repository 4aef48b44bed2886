using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Offsets;

public sealed class OffsetTests
{
    private readonly ShardDriver _shard = new();

    [Fact]
    public void Commit_OfAMember_IsFetchedAfterARestart()
    {
        var member = Stable();
        ErrorOf(Commit(42, member)).ShouldBe(ErrorCode.None);

        var fetched = _shard.Restart().Ask(FetchAll()).Topics.Single();
        fetched.Topic.ShouldBe("orders");
        fetched.Partitions.Single().ShouldBe(new FetchedOffset(0, 42, 3, "note", ErrorCode.None));
    }

    [Fact]
    public void Fetch_OfWhatWasNotCommitted_IsMinusOne()
    {
        ErrorOf(Commit(42));
        var fetched = _shard.Ask(FetchAll() with { Topics = [new TopicPartitions("orders", [0, 1]), new TopicPartitions("x", [0])] });
        fetched.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.CommittedOffset).ShouldBe([42, -1, -1]);
        _shard.Ask(FetchAll("none")).ShouldSatisfyAllConditions(
            reply => reply.ErrorCode.ShouldBe(ErrorCode.None), reply => reply.Topics.ShouldBeEmpty());
    }

    [Fact]
    public void Commit_WithoutMembership_IsForEmptyGroups()
    {
        ErrorOf(Commit(1)).ShouldBe(ErrorCode.None);
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Empty");
        Stable();
        ErrorOf(Commit(2)).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Commit_IsCheckedAgainstTheGeneration()
    {
        ErrorOf(Commit(1) with { GenerationIdOrMemberEpoch = 3, MemberId = "who" }).ShouldBe(ErrorCode.IllegalGeneration, "there is no group");
        var joined = _shard.Ask(Join("a"));
        ErrorOf(Commit(1, joined)).ShouldBe(ErrorCode.RebalanceInProgress, "it is assigned nothing yet");
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all"));
        ErrorOf(Commit(1, joined) with { GenerationIdOrMemberEpoch = 7 }).ShouldBe(ErrorCode.IllegalGeneration);
        ErrorOf(Commit(1, joined) with { MemberId = "who" }).ShouldBe(ErrorCode.UnknownMemberId);
        ErrorOf(Commit(1, joined)).ShouldBe(ErrorCode.None);
        _shard.Send(Join("b"));
        ErrorOf(Commit(2, joined)).ShouldBe(ErrorCode.None, "it commits what it has read before it rejoins");
    }

    [Fact]
    public void Commit_CountsAsAHeartbeat()
    {
        var member = Stable();
        for (var i = 0; i < 5; i++)
        {
            _shard.Advance(TimeSpan.FromSeconds(9));
            ErrorOf(Commit(i, member)).ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public void Commit_WithTooMuchMetadata_FailsForThatPartitionOnly()
    {
        var reply = _shard.Ask(Commit(1) with
        {
            Topics = [new TopicCommit("orders", [new PartitionCommit(0, 1, -1, new string('m', 4097)), new PartitionCommit(1, 1, -1, new string('m', 4096)), new PartitionCommit(2, 1, -1, null)])],
        });
        reply.Topics.Single().Partitions.Select(partition => partition.ErrorCode).ShouldBe(
            [ErrorCode.OffsetMetadataTooLarge, ErrorCode.None, ErrorCode.None]);
    }

    [Fact]
    public void Commit_WhenTheAppendFails_IsNotThere()
    {
        _shard.AppendError = ErrorCode.MessageTooLarge;
        ErrorOf(Commit(1)).ShouldBe(ErrorCode.InvalidCommitOffsetSize);
        _shard.Ask(FetchAll()).Topics.ShouldBeEmpty();
    }

    [Fact]
    public void Delete_OfOffsets_SparesWhatIsRead()
    {
        var member = Stable(Subscription("orders"));
        ErrorOf(Commit(1, member));
        ErrorOf(Commit(1, member, "old"));
        var reply = _shard.Ask(new OffsetDeleteCommand(Group, [new TopicPartitions("orders", [0]), new TopicPartitions("old", [0, 9])]));

        reply.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode).ShouldBe(
            [ErrorCode.GroupSubscribedToTopic, ErrorCode.None, ErrorCode.None]);
        _shard.Ask(FetchAll()).Topics.Single().Topic.ShouldBe("orders");
        _shard.Ask(new OffsetDeleteCommand("none", [])).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public void Topic_ThatIsDeleted_IsForgottenInAllGroups()
    {
        ErrorOf(Commit(1) with { GroupId = "one" });
        ErrorOf(Commit(1) with { GroupId = "two" });
        ErrorOf(Commit(1, topic: "other") with { GroupId = "two" });

        _shard.Ask(new TopicsDeletedCommand(["orders"])).OffsetCount.ShouldBe(2);
        _shard.Ask(FetchAll("one")).Topics.ShouldBeEmpty();
        _shard.Ask(FetchAll("two")).Topics.Single().Topic.ShouldBe("other");
    }

    [Fact]
    public void Offsets_OfAGroup_ExpireAfterItIsEmpty_AndThenTheGroup()
    {
        var member = Stable();
        ErrorOf(Commit(1, member));
        for (var day = 0; day < 10; day++)
        {
            KeepAlive(member, TimeSpan.FromHours(1));
        }

        _shard.Ask(Leave(member.MemberId));
        _shard.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(11));
        _shard.Ask(FetchAll()).Topics.Count.ShouldBe(1, "counted from when the last member left");
        _shard.Advance(TimeSpan.FromMinutes(30));

        _shard.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Dead");
        _shard.Restart().Shard.State.Groups.ShouldBeEmpty();
    }

    [Fact]
    public void Offsets_WithoutMembers_ExpireAfterTheCommit()
    {
        ErrorOf(Commit(1));
        _shard.Advance(TimeSpan.FromDays(4));
        ErrorOf(Commit(2, partition: 1));
        _shard.Advance(TimeSpan.FromDays(4));
        _shard.Ask(FetchAll()).Topics.Single().Partitions.Single().Partition.ShouldBe(1);
    }

    [Fact]
    public void Offsets_TooManyForOneBatch_ExpireInSeveralAtOnce()
    {
        const int count = 5_000;
        for (var partition = 0; partition < count; partition++)
        {
            ErrorOf(Commit(1, partition: partition));
        }

        _shard.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(11));

        _shard.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _shard.LargestTurn.ShouldBeInRange(1_000, 2_001);
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Dead");
    }

    [Fact]
    public void Offsets_WithARetentionOfTheirOwn_FollowIt()
    {
        ErrorOf(Commit(1) with { Retention = TimeSpan.FromHours(1) });
        var restarted = _shard.Restart();
        restarted.Advance(TimeSpan.FromMinutes(50));
        restarted.Ask(FetchAll()).Topics.Count.ShouldBe(1);
        restarted.Advance(TimeSpan.FromMinutes(30));
        restarted.Ask(FetchAll()).Topics.ShouldBeEmpty();
    }

    [Fact]
    public void Offsets_OfATopicThatAStableGroupNoLongerReads_Expire()
    {
        var shard = new ShardDriver(new GroupShardOptions { OffsetsRetention = TimeSpan.FromMinutes(30) });
        var joined = shard.Ask(Join("a") with { Protocols = [new JoinProtocol("range", Subscription("orders"))] });
        shard.Ask(Sync(joined, $"{joined.MemberId}=all"));
        shard.Ask(Commit(1, joined));
        shard.Ask(Commit(1, joined, "old"));
        for (var second = 0; second < 2400; second += 5)
        {
            shard.Ask(Heartbeat(joined));
            shard.Advance(TimeSpan.FromSeconds(5));
        }

        shard.Ask(FetchAll()).Topics.Single().Topic.ShouldBe("orders");
    }

    private void KeepAlive(JoinGroupReply member, TimeSpan time)
    {
        for (var elapsed = TimeSpan.Zero; elapsed < time; elapsed += TimeSpan.FromSeconds(9))
        {
            _shard.Ask(Heartbeat(member)).ErrorCode.ShouldBe(ErrorCode.None);
            _shard.Advance(TimeSpan.FromSeconds(9));
        }
    }

    private ErrorCode ErrorOf(OffsetCommitCommand commit) => _shard.Ask(commit).Topics.Single().Partitions.Single().ErrorCode;

    private JoinGroupReply Stable(byte[]? subscription = null)
    {
        var join = Join("a");
        var joined = _shard.Ask(subscription is null ? join : join with { Protocols = [new JoinProtocol("range", subscription)] });
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all"));
        return joined;
    }

    /// <summary>A consumer's subscription, version 0.</summary>
    private static byte[] Subscription(string topic) =>
        [0, 0, 0, 0, 0, 1, 0, (byte)topic.Length, .. Bytes(topic), 0xff, 0xff, 0xff, 0xff];
}
