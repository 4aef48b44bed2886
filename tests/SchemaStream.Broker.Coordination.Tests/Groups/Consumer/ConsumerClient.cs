using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

/// <summary>A member that speaks the new protocol as clients do: it gives up first, says so, and takes what it is given.</summary>
internal sealed class ConsumerClient(ShardDriver driver, string memberId, string? instance = null)
{
    public string MemberId { get; } = memberId;

    public string? Instance { get; } = instance;

    public IReadOnlyList<string>? Topics { get; set; } = ["orders"];

    public string? Regex { get; set; }

    public string? Assignor { get; set; }

    public int Epoch { get; set; }

    public PartitionSet Owned { get; set; } = PartitionSet.Empty;

    /// <summary>What is to be said with the next heartbeat because it has changed.</summary>
    public bool SaysAll { get; set; } = true;

    public string Shown => ((TestTopics)driver.Topics).Show(Owned);

    public ConsumerGroupHeartbeatCommand Command => new()
    {
        GroupId = Group,
        MemberId = MemberId,
        MemberEpoch = Epoch,
        InstanceId = Instance,
        RebalanceTimeout = SaysAll || Epoch == 0 ? TimeSpan.FromSeconds(60) : null,
        SubscribedTopicNames = SaysAll || Epoch == 0 ? Topics : null,
        SubscribedTopicRegex = SaysAll || Epoch == 0 ? Regex : null,
        ServerAssignor = SaysAll || Epoch == 0 ? Assignor : null,
        OwnedPartitions = Epoch == 0 ? PartitionSet.Empty : Owned,
        ClientId = MemberId,
        ClientHost = "/127.0.0.1",
        RequiresMemberId = true,
        MemberUuid = Uuid(MemberId),
    };

    public ConsumerGroupHeartbeatReply Beat()
    {
        if (Epoch == 0)
        {
            Owned = PartitionSet.Empty;
        }

        return Take(driver.Ask(Command));
    }

    public ConsumerGroupHeartbeatReply Take(ConsumerGroupHeartbeatReply reply)
    {
        switch (reply.ErrorCode)
        {
            case ErrorCode.None:
                Epoch = reply.MemberEpoch;
                Owned = reply.Assignment ?? Owned;
                SaysAll = false;
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                Forget();
                break;
            default:
                break;
        }

        return reply;
    }

    public ConsumerGroupHeartbeatReply Leave(int epoch = ConsumerGroupHeartbeatCommand.Leave)
    {
        var reply = driver.Ask(Command with { MemberEpoch = epoch });
        if (reply.ErrorCode == ErrorCode.None)
        {
            Forget();
        }

        return reply;
    }

    public void Forget()
    {
        Epoch = 0;
        Owned = PartitionSet.Empty;
        SaysAll = true;
    }
}
