using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Groups;

public sealed class GroupTests
{
    [Fact]
    public async Task Commit_CanBeFetched_AlsoAfterARestart()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        (await runtime.Broker.Groups.FindCoordinatorAsync("readers", default)).NodeId.ShouldBe(1);

        var committed = await runtime.Broker.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", 42), default);
        committed.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await GroupCommands.CommittedAsync(runtime, "readers")).ShouldBe(42);

        await runtime.RestartAsync();
        (await GroupCommands.CommittedAsync(runtime, "readers")).ShouldBe(42);
    }

    [Fact]
    public async Task Commit_ManyGroups_LandOnTheirPartitionsAndAreListed()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        await runtime.Broker.Groups.FindCoordinatorAsync("any", default);
        for (var i = 0; i < 20; i++)
        {
            var reply = await runtime.Broker.Groups.SubmitAsync($"group-{i}", GroupCommands.Commit($"group-{i}", i), default);
            reply.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        }

        await runtime.RestartAsync();

        var lists = await runtime.Broker.Groups.SubmitToAllAsync(new ListGroupsCommand([], []), default);
        lists.Count.ShouldBe(4);
        lists.ShouldAllBe(list => list.ErrorCode == ErrorCode.None);
        lists.SelectMany(list => list.Groups).Select(group => group.GroupId).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 20).Select(i => $"group-{i}").Order(StringComparer.Ordinal));
        (await GroupCommands.CommittedAsync(runtime, "group-7")).ShouldBe(7);
    }

    [Fact]
    public async Task Group_BeforeTheTopicIsThere_HasNoCoordinator()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();

        var reply = await runtime.Broker.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", 1), default);

        reply.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.NotCoordinator);
    }

    [Fact]
    public async Task FindCoordinator_FromManyAtOnce_CreatesTheTopicOnce()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(async () => await runtime.Broker.Groups.FindCoordinatorAsync($"group-{i}", default))));

        found.ShouldAllBe(coordinator => coordinator.Error == ErrorCode.None && coordinator.NodeId == 1);
    }

    [Fact]
    public async Task TwoMembers_JoinSyncAndHeartbeat_AndOneIsMissedWhenItFallsSilent()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(timeProvider: clock);
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        var first = runtime.Broker.Groups.SubmitAsync("readers", Join(""), default).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(10));
        var leader = await first;
        leader.ErrorCode.ShouldBe(ErrorCode.None);

        // The second one's join waits until the first has joined again.
        var second = runtime.Broker.Groups.SubmitAsync("readers", Join(""), default).AsTask();
        second.IsCompleted.ShouldBeFalse();
        var again = runtime.Broker.Groups.SubmitAsync("readers", Join(leader.MemberId), default).AsTask();
        var (joinedAgain, joined) = (await again, await second);
        joinedAgain.GenerationId.ShouldBe(joined.GenerationId);
        joinedAgain.Members.Count.ShouldBe(2);

        // The follower's sync waits for the leader's.
        var followerSync = runtime.Broker.Groups.SubmitAsync("readers", Sync(joined, []), default).AsTask();
        followerSync.IsCompleted.ShouldBeFalse();
        var leaderSync = await runtime.Broker.Groups.SubmitAsync(
            "readers", Sync(joinedAgain, [new MemberAssignment(joined.MemberId, "mine"u8.ToArray())]), default);
        leaderSync.ErrorCode.ShouldBe(ErrorCode.None);
        (await followerSync).Assignment.ToArray().ShouldBe("mine"u8.ToArray());

        // Only the leader lives on.
        for (var i = 0; i < 4; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(4));
            await runtime.Broker.Groups.SubmitAsync(
                "readers", new HeartbeatCommand("readers", joined.GenerationId, joinedAgain.MemberId, null), default);
        }

        var heartbeat = await runtime.Broker.Groups.SubmitAsync(
            "readers", new HeartbeatCommand("readers", joined.GenerationId, joinedAgain.MemberId, null), default);
        heartbeat.ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
        var silent = await runtime.Broker.Groups.SubmitAsync(
            "readers", new HeartbeatCommand("readers", joined.GenerationId, joined.MemberId, null), default);
        silent.ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task SilentMember_WhoseEndTheDiskRefused_IsMissedOnceTheDiskIsWell()
    {
        var clock = new ManualTimeProvider();
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        var join = runtime.Broker.Groups.SubmitAsync("readers", Join(""), default).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(10));
        (await join).ErrorCode.ShouldBe(ErrorCode.None);
        var refusals = 0;
        disk.Fault = (operation, path) =>
        {
            var isRefused = operation == DiskOperation.Write && path.Contains("__consumer_offsets", StringComparison.Ordinal);
            refusals += isRefused ? 1 : 0;
            return isRefused ? "no space left on device" : null;
        };

        // Its session is over after ten seconds; a rebalance would take it for lost only after sixty.
        clock.Advance(TimeSpan.FromSeconds(11));
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(Volatile.Read(ref refusals) > 0));
        disk.Fault = null;

        clock.Advance(TimeSpan.FromSeconds(6));
        var neighbour = Enumerable.Range(0, 100).Select(i => $"group-{i}")
            .First(name => GroupPartitioner.PartitionFor(name, 4) == GroupPartitioner.PartitionFor("readers", 4));
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            var committed = await runtime.Broker.Groups.SubmitAsync(neighbour, GroupCommands.Commit(neighbour, 1), default);
            return committed.Topics[0].Partitions[0].ErrorCode == ErrorCode.None;
        });

        clock.Advance(TimeSpan.FromSeconds(2));
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            var group = await runtime.Broker.Groups.SubmitAsync("readers", new DescribeGroupCommand("readers"), default);
            return group is { ErrorCode: ErrorCode.None, State: "Empty", Members.Count: 0 };
        });
    }

    [Fact]
    public async Task Stop_AnswersWhoWaits()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        var leader = await runtime.Broker.Groups.SubmitAsync("readers", Join(""), default);
        var waiting = runtime.Broker.Groups.SubmitAsync("readers", Join(""), default).AsTask();
        leader.ErrorCode.ShouldBe(ErrorCode.None);
        waiting.IsCompleted.ShouldBeFalse();

        await runtime.Broker.StopAsync();

        (await waiting).ErrorCode.ShouldBe(ErrorCode.NotCoordinator);
    }

    [Fact]
    public async Task DeletedTopic_LosesItsCommits()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        await runtime.CreateTopicAsync("orders");
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        await runtime.Broker.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", 42), default);

        await runtime.DeleteTopicAsync("orders");

        await RuntimeUnderTest.UntilAsync(async () => await GroupCommands.CommittedAsync(runtime, "readers") == -1);
    }

    private static JoinGroupCommand Join(string memberId) => new()
    {
        GroupId = "readers",
        MemberId = memberId,
        ClientId = "client",
        ClientHost = "/127.0.0.1",
        ProtocolType = "consumer",
        Protocols = [new JoinProtocol("range", "subscription"u8.ToArray())],
        SessionTimeout = TimeSpan.FromSeconds(10),
        RebalanceTimeout = TimeSpan.FromSeconds(60),
        MemberUuid = Guid.NewGuid(),
    };

    private static SyncGroupCommand Sync(JoinGroupReply joined, IReadOnlyList<MemberAssignment> assignments) => new()
    {
        GroupId = "readers",
        GenerationId = joined.GenerationId,
        MemberId = joined.MemberId,
        Assignments = assignments,
    };
}
