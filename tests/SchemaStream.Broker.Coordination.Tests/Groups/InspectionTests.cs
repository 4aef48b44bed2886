using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups;

public sealed class InspectionTests
{
    private readonly ShardDriver _shard = new();

    [Fact]
    public void Describe_ShowsMembersWithWhatTheyWereAssigned()
    {
        var joined = _shard.Ask(Join("a"));
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("CompletingRebalance");
        _shard.Ask(new DescribeGroupCommand(Group)).Members.Single().Metadata.Length.ShouldBe(0);
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all"));

        var described = _shard.Ask(new DescribeGroupCommand(Group));
        (described.State, described.ProtocolType, described.ProtocolData).ShouldBe(("Stable", "consumer", "range"));
        var member = described.Members.Single();
        (member.ClientId, member.ClientHost, Text(member.Metadata), Text(member.Assignment)).ShouldBe(("a", "/127.0.0.1", "a/range", "all"));
    }

    [Fact]
    public void Describe_OfNoGroup_IsDead()
    {
        var described = _shard.Ask(new DescribeGroupCommand("none"));
        (described.State, described.ErrorCode).ShouldBe(("Dead", ErrorCode.GroupIdNotFound));
    }

    [Fact]
    public void List_FiltersByStateAndType()
    {
        var joined = _shard.Ask(Join("a"));
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all"));
        _shard.Ask(Commit(1) with { GroupId = "simple" });

        List([], []).ShouldBe([new ListedGroup(Group, "consumer", "Stable", "classic"), new ListedGroup("simple", "", "Empty", "classic")]);
        List(["stable"], []).Single().GroupId.ShouldBe(Group);
        List(["Empty"], ["Classic"]).Single().GroupId.ShouldBe("simple");
        List([], ["consumer"]).ShouldBeEmpty();
    }

    [Fact]
    public void Delete_IsForEmptyGroupsOnly()
    {
        var joined = _shard.Ask(Join("a"));
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all"));
        _shard.Ask(Commit(5, joined));
        _shard.Ask(new DeleteGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.NonEmptyGroup);
        _shard.Ask(new DeleteGroupCommand("none")).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);

        _shard.Ask(Leave(joined.MemberId));
        _shard.Ask(new DeleteGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.None);
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Dead");
        _shard.Ask(FetchAll()).Topics.ShouldBeEmpty();
        _shard.Restart().Shard.State.Groups.ShouldBeEmpty();
    }

    private IReadOnlyList<ListedGroup> List(string[] states, string[] types) => _shard.Ask(new ListGroupsCommand(states, types)).Groups;
}
