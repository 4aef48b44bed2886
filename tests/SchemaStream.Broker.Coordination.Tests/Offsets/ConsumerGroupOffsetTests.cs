using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Tests.Groups.Consumer;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Offsets;

/// <summary>Offsets of consumer groups, whose members say their epochs.</summary>
public sealed class ConsumerGroupOffsetTests
{
    private readonly ShardDriver _driver = new(topics: TestTopics.Of(("orders", 2), ("bills", 1)));
    private readonly ConsumerClient _member;

    public ConsumerGroupOffsetTests()
    {
        _member = new ConsumerClient(_driver, "a");
        _member.Beat();
    }

    [Fact]
    public void Commit_NamesTheMembersEpoch()
    {
        ErrorOf(Mine(5)).ShouldBe(ErrorCode.None);
        ErrorOf(Mine(6) with { GenerationIdOrMemberEpoch = 9 }).ShouldBe(ErrorCode.StaleMemberEpoch);
        ErrorOf(Mine(6) with { MemberId = "who" }).ShouldBe(ErrorCode.UnknownMemberId);
        ErrorOf(Mine(6) with { KnowsMemberEpochs = false }).ShouldBe(ErrorCode.UnsupportedVersion);
        ErrorOf(Commit(6)).ShouldBe(ErrorCode.UnknownMemberId, "the group has members, and only they commit");
        _member.Leave();
        ErrorOf(Commit(7)).ShouldBe(ErrorCode.None, "now anyone may");
        _driver.Ask(FetchAll()).Topics[0].Partitions[0].CommittedOffset.ShouldBe(7);
    }

    [Fact]
    public void Commit_InATransaction_NamesTheMembersEpoch_OrNoMemberAtAll()
    {
        var producer = new TransactionalProducer(7, 0);
        ErrorOf(Mine(5) with { Transaction = producer, KnowsMemberEpochs = false }).ShouldBe(ErrorCode.None);
        ErrorOf(Mine(6) with { Transaction = producer, GenerationIdOrMemberEpoch = 9 })
            .ShouldBe(ErrorCode.IllegalGeneration, "producers know of no epochs, and would take any other error for the end of them");
        ErrorOf(Commit(7) with { Transaction = producer, MemberId = "who" }).ShouldBe(ErrorCode.UnknownMemberId);
        ErrorOf(Commit(7) with { Transaction = producer }).ShouldBe(ErrorCode.None, "as producers of before KIP-447 do");
    }

    [Fact]
    public void Fetch_ByAMember_NamesItsEpoch()
    {
        _driver.Ask(Mine(5));
        _driver.Ask(FetchAll() with { MemberId = "a", MemberEpoch = 1 }).Topics[0].Partitions[0].CommittedOffset.ShouldBe(5);
        _driver.Ask(FetchAll() with { MemberId = "a", MemberEpoch = 2 }).ErrorCode.ShouldBe(ErrorCode.StaleMemberEpoch);
        _driver.Ask(FetchAll() with { MemberId = "b", MemberEpoch = 1 }).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        _driver.Ask(FetchAll()).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Delete_OfWhatIsRead_IsRefused()
    {
        _driver.Ask(Mine(5));
        _driver.Ask(Mine(6, "bills"));
        var deleted = _driver.Ask(new OffsetDeleteCommand(Group, [new TopicPartitions("orders", [0]), new TopicPartitions("bills", [0])]));
        deleted.Topics.Select(topic => topic.Partitions[0].ErrorCode).ShouldBe([ErrorCode.GroupSubscribedToTopic, ErrorCode.None]);
        _driver.Ask(new DeleteGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.NonEmptyGroup);
        _member.Leave();
        _driver.Ask(new DeleteGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.None);
        _driver.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _driver.Restart().Shard.State.ConsumerGroups.ShouldBeEmpty();
    }

    [Fact]
    public void Retention_EndsWhatNoOneReads_AndThenTheGroup()
    {
        _driver.Ask(Mine(5));
        _driver.Ask(Mine(6, "bills"));
        for (var beat = 0; beat < 8 * 24 * 120; beat++)
        {
            _driver.Advance(TimeSpan.FromSeconds(30));
            _member.Beat();
        }

        _driver.Ask(FetchAll()).Topics.Single().Topic.ShouldBe("orders", "which is read");
        _member.Leave();
        _driver.Advance(TimeSpan.FromHours(1));
        _driver.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _driver.Ask(new ListGroupsCommand([], [])).Groups.ShouldBeEmpty();
    }

    private OffsetCommitCommand Mine(long offset, string topic = "orders") => Commit(offset, topic: topic) with
    {
        MemberId = "a",
        GenerationIdOrMemberEpoch = _member.Epoch,
        KnowsMemberEpochs = true,
    };

    private ErrorCode ErrorOf(OffsetCommitCommand commit) => _driver.Ask(commit).Topics[0].Partitions[0].ErrorCode;
}
