using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class GroupTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Coordinator_OfAGroup_IsThisBroker(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var response = await client.SendAsync(new FindCoordinatorRequest { Key = "g", CoordinatorKeys = ["g", "h"] }, version);
        if (version < 4)
        {
            (response.ErrorCode, response.NodeId, response.Port).ShouldBe((ErrorCode.None, 1, fixture.Broker.Port));
        }
        else
        {
            response.Coordinators.Select(one => (one.Key, one.ErrorCode, one.Port)).ShouldBe(
                [("g", ErrorCode.None, fixture.Broker.Port), ("h", ErrorCode.None, fixture.Broker.Port)]);
        }
    }

    [Fact]
    public async Task Coordinator_OfAShareGroup_IsNotThere()
    {
        await using var client = await fixture.ConnectAsync();
        var response = await client.SendAsync(new FindCoordinatorRequest { Key = "share", KeyType = 2 }, 3);
        response.ErrorCode.ShouldBe(ErrorCode.CoordinatorNotAvailable);
        (await client.SendAsync(new FindCoordinatorRequest { Key = "x", KeyType = 9 }, 3)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Group_OfTwo_SharesAnAssignmentAndRebalancesWhenOneLeaves()
    {
        await using var firstClient = await fixture.ConnectAsync("one");
        await using var secondClient = await fixture.ConnectAsync("two");
        var first = new Member(firstClient, fixture.NewName("group"));
        var second = new Member(secondClient, first.GroupId);
        await first.JoinAsync();
        await first.SyncAsync((first.Id, "all"));

        // The second one's join calls the first one back.
        var joining = second.JoinAsync();
        await first.HeartbeatUntilAsync(ErrorCode.RebalanceInProgress);
        var leader = await first.JoinAsync();
        await joining;
        leader.Leader.ShouldBe(first.Id);
        leader.Members.Select(member => member.MemberId).ShouldBe([first.Id, second.Id], ignoreOrder: true);
        second.GenerationId.ShouldBe(first.GenerationId);

        var syncing = second.SyncAsync();
        (await first.SyncAsync((first.Id, "left"), (second.Id, "right"))).ShouldBe("left");
        (await syncing).ShouldBe("right");
        (await first.HeartbeatAsync()).ShouldBe(ErrorCode.None);

        var described = (await firstClient.SendAsync(new DescribeGroupsRequest { Groups = [first.GroupId] }, 5)).Groups[0];
        described.GroupState.ShouldBe("Stable");
        described.Members.Select(member => member.ClientId).ShouldBe(["one", "two"], ignoreOrder: true);
        described.Members.ShouldAllBe(member => member.ClientHost == "/127.0.0.1");

        await second.LeaveAsync();
        await first.HeartbeatUntilAsync(ErrorCode.RebalanceInProgress);
        (await first.JoinAsync()).Members.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Member_WithoutAnId_GetsOneFirst()
    {
        await using var client = await fixture.ConnectAsync();
        var request = Member.JoinRequest(fixture.NewName("group"), "");
        var asked = await client.SendAsync(request, 9);
        asked.ErrorCode.ShouldBe(ErrorCode.MemberIdRequired);
        asked.MemberId.ShouldNotBeEmpty();
        // Before KIP-394 the first join is a join.
        var old = await client.SendAsync(Member.JoinRequest(fixture.NewName("group"), ""), 3);
        old.ErrorCode.ShouldBe(ErrorCode.None);
        old.ProtocolName.ShouldBe("range");
    }

    [Fact]
    public async Task Member_ThatIsUnknown_IsToldSo()
    {
        await using var client = await fixture.ConnectAsync();
        var groupId = fixture.NewName("group");
        (await client.SendAsync(new HeartbeatRequest { GroupId = groupId, MemberId = "nobody" }, 4)).ErrorCode
            .ShouldBe(ErrorCode.UnknownMemberId);
        (await client.SendAsync(new SyncGroupRequest { GroupId = groupId, MemberId = "nobody" }, 5)).ErrorCode
            .ShouldBe(ErrorCode.UnknownMemberId);
        (await client.SendAsync(new LeaveGroupRequest { GroupId = groupId, MemberId = "nobody" }, 2)).ErrorCode
            .ShouldBe(ErrorCode.UnknownMemberId);
        var invalid = Member.JoinRequest("", "");
        (await client.SendAsync(invalid, 5)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
    }

    [Fact]
    public async Task Groups_AreListedAndDeleted()
    {
        await using var client = await fixture.ConnectAsync();
        var member = new Member(client, fixture.NewName("group"));
        await member.JoinAsync();
        await member.SyncAsync((member.Id, "all"));
        var listed = await client.SendAsync(new ListGroupsRequest(), 5);
        var group = listed.Groups.Single(one => one.GroupId == member.GroupId);
        (group.ProtocolType, group.GroupState, group.GroupType).ShouldBe(("consumer", "Stable", "classic"));
        (await client.SendAsync(new ListGroupsRequest { StatesFilter = ["Empty"] }, 5)).Groups
            .ShouldNotContain(one => one.GroupId == member.GroupId);

        (await DeleteAsync(client, member.GroupId)).ShouldBe(ErrorCode.NonEmptyGroup);
        await member.LeaveAsync();
        (await DeleteAsync(client, member.GroupId)).ShouldBe(ErrorCode.None);
        (await DeleteAsync(client, member.GroupId)).ShouldBe(ErrorCode.GroupIdNotFound);

        var gone = (await client.SendAsync(new DescribeGroupsRequest { Groups = [member.GroupId] }, 5)).Groups[0];
        (gone.ErrorCode, gone.GroupState).ShouldBe((ErrorCode.None, "Dead"));
        (await client.SendAsync(new DescribeGroupsRequest { Groups = [member.GroupId] }, 6)).Groups[0].ErrorCode
            .ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public async Task Join_WhoseClientLeaves_DoesNotHoldUpTheBroker()
    {
        await using var staying = await fixture.ConnectAsync();
        var member = new Member(staying, fixture.NewName("group"));
        await member.JoinAsync();
        await member.SyncAsync((member.Id, "all"));
        var leaving = await fixture.ConnectAsync();
        var other = new Member(leaving, member.GroupId);
        var joining = other.JoinAsync();
        await member.HeartbeatUntilAsync(ErrorCode.RebalanceInProgress);
        await leaving.DisposeAsync();
        await Should.ThrowAsync<KafkaConnectionClosedException>(joining);

        (await member.JoinAsync()).ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static async Task<ErrorCode> DeleteAsync(KafkaConnection client, string groupId) =>
        (await client.SendAsync(new DeleteGroupsRequest { GroupsNames = [groupId] }, 2)).Results[0].ErrorCode;

    /// <summary>A consumer as the protocol sees it.</summary>
    private sealed class Member(KafkaConnection client, string groupId)
    {
        public string GroupId => groupId;

        public string Id { get; private set; } = "";

        public int GenerationId { get; private set; } = -1;

        public static JoinGroupRequest JoinRequest(string groupId, string memberId) => new()
        {
            GroupId = groupId,
            MemberId = memberId,
            SessionTimeoutMs = 30_000,
            RebalanceTimeoutMs = 30_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = "metadata"u8.ToArray() }],
        };

        public async Task<JoinGroupResponse> JoinAsync()
        {
            var response = await client.SendAsync(JoinRequest(groupId, Id), 9).WaitAsync(TestTime.Limit);
            if (response.ErrorCode == ErrorCode.MemberIdRequired)
            {
                Id = response.MemberId;
                response = await client.SendAsync(JoinRequest(groupId, Id), 9).WaitAsync(TestTime.Limit);
            }

            response.ErrorCode.ShouldBe(ErrorCode.None);
            (Id, GenerationId) = (response.MemberId, response.GenerationId);
            foreach (var member in response.Members)
            {
                Encoding.UTF8.GetString(member.Metadata.Span).ShouldBe("metadata");
            }

            return response;
        }

        public async Task<string> SyncAsync(params (string MemberId, string Assignment)[] assignments)
        {
            var request = new SyncGroupRequest { GroupId = groupId, GenerationId = GenerationId, MemberId = Id, ProtocolType = "consumer", ProtocolName = "range" };
            request.Assignments.AddRange(assignments.Select(one => new SyncGroupRequest.SyncGroupRequestAssignment
            {
                MemberId = one.MemberId,
                Assignment = Encoding.UTF8.GetBytes(one.Assignment),
            }));
            var response = await client.SendAsync(request, 5).WaitAsync(TestTime.Limit);
            response.ErrorCode.ShouldBe(ErrorCode.None);
            return Encoding.UTF8.GetString(response.Assignment.Span);
        }

        public async Task<ErrorCode> HeartbeatAsync() =>
            (await client.SendAsync(new HeartbeatRequest { GroupId = groupId, GenerationId = GenerationId, MemberId = Id }, 4)
                .WaitAsync(TestTime.Limit)).ErrorCode;

        public async Task HeartbeatUntilAsync(ErrorCode expected)
        {
            var begin = TimeProvider.System.GetTimestamp();
            while (await HeartbeatAsync() != expected)
            {
                TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TestTime.Limit);
            }
        }

        public async Task LeaveAsync()
        {
            var request = new LeaveGroupRequest { GroupId = groupId, Members = [new() { MemberId = Id, Reason = "done" }] };
            var response = await client.SendAsync(request, 5).WaitAsync(TestTime.Limit);
            response.ErrorCode.ShouldBe(ErrorCode.None);
            response.Members.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
        }
    }
}
