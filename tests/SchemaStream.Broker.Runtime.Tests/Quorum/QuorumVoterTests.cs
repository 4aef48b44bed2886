using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

public sealed class QuorumVoterTests
{
    [Fact]
    public async Task AddVoter_OnceItHasCaughtUp_Votes()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, observers: 1);
        await quorum.CommitAsync("before");

        (await AddAsync(quorum, 4)).ErrorCode.ShouldBe(ErrorCode.None);

        await quorum.UntilAsync(() => quorum.Nodes.All(node => node.Driver!.View.Voters.Count == 4), "everyone knows four voters");
        quorum.Node(1).Driver!.View.Voters[4].ShouldBe(MemoryNetwork.EndpointOf(4), "its endpoint travels in the log");
        (await AddAsync(quorum, 4)).ErrorCode.ShouldBe(ErrorCode.DuplicateVoter);
    }

    [Fact]
    public async Task AddVoter_ThatNoControllerListensFor_IsRefused()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);

        var answer = await AddAsync(quorum, 2, timeoutMs: 50);

        answer.ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        answer.ErrorMessage!.ShouldContain("No controller listens");
        quorum.Node(1).Driver!.View.Voters.Keys.ShouldBe([1]);
    }

    [Fact]
    public async Task Quorum_GrowsFromOneToThree()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1, observers: 2);
        await quorum.CommitAsync("alone");

        (await AddAsync(quorum, 2)).ErrorCode.ShouldBe(ErrorCode.None);
        (await AddAsync(quorum, 3)).ErrorCode.ShouldBe(ErrorCode.None);
        await quorum.CommitAsync("as three");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        await quorum.CrashAsync(quorum.Node(1), new Random(1));

        await quorum.CommitAsync("without the first");
        await quorum.CaughtUpAsync(quorum.Node(2), quorum.Node(3));
        quorum.Node(2).Machine.Names.ShouldBe(["alone", "as three", "without the first"]);
    }

    [Fact]
    public async Task RemoveVoter_OfTheLeader_MovesLeadershipToAnother()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        var leader = await quorum.LeaderAsync();

        var answer = await leader.Driver!.RemoveVoterAsync(
            new() { VoterId = leader.Id }, QuorumRequestOrigin.ClientListener, CancellationToken.None);

        answer.ErrorCode.ShouldBe(ErrorCode.None, answer.ErrorMessage);
        var next = await quorum.LeaderAsync(node => node != leader);
        next.Driver!.View.Voters.Keys.ShouldBe(new[] { 1, 2, 3 }.Except([leader.Id]));
        await quorum.CommitAsync("by two");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
    }

    [Fact]
    public async Task RemoveVoter_OfAllOthersAtOnce_LeavesALeaderThatGoesOnAlone()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        await quorum.CommitAsync("as three");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        var leader = await quorum.LeaderAsync();
        var others = quorum.Nodes.Where(node => node != leader).ToArray();

        // The second waits for the first, and its turn comes in the midst of the round that commits that.
        var answers = await Task.WhenAll(others.Select(other => leader.Driver!.RemoveVoterAsync(
            new() { VoterId = other.Id }, QuorumRequestOrigin.ClientListener, CancellationToken.None).AsTask()));

        answers.Select(answer => answer.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.None]);
        leader.Driver!.Fault.IsFaulted.ShouldBeFalse();
        await quorum.CommitAsync("alone");
        leader.Machine.Names.ShouldBe(["as three", "alone"]);
    }

    [Theory]
    [InlineData("", 9093)]
    [InlineData("host", 0)]
    [InlineData(null, 9093)]
    public async Task AddVoter_ThatCannotBeReached_IsInvalid(string? host, int port)
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1, observers: 1);

        var answer = await quorum.Node(1).Driver!.AddVoterAsync(
            new() { VoterId = 2, TimeoutMs = 5_000, Listeners = [new() { Name = "CONTROLLER", Host = host ?? new string('h', 40_000), Port = (ushort)port }] },
            QuorumRequestOrigin.ClientListener,
            CancellationToken.None);

        answer.ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        quorum.Node(1).Driver!.View.Voters.Keys.ShouldBe([1]);
    }

    [Fact]
    public async Task RemoveVoter_ThatIsNone_IsTold()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);

        var answer = await quorum.Node(1).Driver!.RemoveVoterAsync(
            new() { VoterId = 9 }, QuorumRequestOrigin.ClientListener, CancellationToken.None);

        answer.ErrorCode.ShouldBe(ErrorCode.VoterNotFound);
    }

    [Fact]
    public async Task TransferLeadership_GoesToWhomItIsGiven()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        await quorum.CommitAsync("before");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        var leader = await quorum.LeaderAsync();
        var successor = quorum.Node(leader.Id % 3 + 1);

        (await leader.Driver!.TransferLeadershipAsync(successor.Id, CancellationToken.None)).ShouldBe(ErrorCode.None);

        await quorum.LeaderAsync(node => node == successor);
    }

    [Fact]
    public async Task Describe_AskedOfAnyNode_TellsWhatTheLeaderKnows()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, observers: 1);
        await quorum.CommitAsync("something");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        var leader = await quorum.LeaderAsync();
        await quorum.UntilAsync(() => quorum.Nodes.All(node => node.Driver!.View.LeaderId == leader.Id), "all know the leader");

        foreach (var node in quorum.Nodes)
        {
            var answer = await node.Driver!.DescribeAsync(Question(), 2, QuorumRequestOrigin.ClientListener, CancellationToken.None);

            var partition = answer.Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
            partition.ErrorCode.ShouldBe(ErrorCode.None);
            partition.LeaderId.ShouldBe(leader.Id);
            partition.HighWatermark.ShouldBeGreaterThan(0);
            partition.CurrentVoters.Select(voter => voter.ReplicaId).ShouldBe([1, 2, 3]);
            partition.Observers.ShouldHaveSingleItem().ReplicaId.ShouldBe(4);
            answer.Nodes.Select(known => known.NodeId).ShouldBe([1, 2, 3]);
        }
    }

    [Fact]
    public async Task Describe_OfAnotherTopic_IsUnknown()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);
        var question = new DescribeQuorumRequest { Topics = [new() { TopicName = "orders", Partitions = [new()] }] };

        var answer = await quorum.Node(1).Driver!.DescribeAsync(question, 2, QuorumRequestOrigin.ClientListener, CancellationToken.None);

        answer.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    private static DescribeQuorumRequest Question() =>
        new() { Topics = [new() { TopicName = InternalTopics.ClusterMetadata, Partitions = [new() { PartitionIndex = 0 }] }] };

    private static async Task<AddRaftVoterResponse> AddAsync(TestQuorum quorum, int id, int timeoutMs = 20_000)
    {
        var leader = await quorum.LeaderAsync();
        var endpoint = MemoryNetwork.EndpointOf(id);
        var request = new AddRaftVoterRequest
        {
            ClusterId = TestQuorum.ClusterId,
            TimeoutMs = timeoutMs,
            VoterId = id,
            Listeners = [new() { Name = "CONTROLLER", Host = endpoint.Host, Port = (ushort)endpoint.Port }],
        };
        return await leader.Driver!.AddVoterAsync(request, QuorumRequestOrigin.ClientListener, CancellationToken.None);
    }
}
