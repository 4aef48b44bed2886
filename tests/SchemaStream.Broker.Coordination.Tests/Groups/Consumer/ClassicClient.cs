using System.Buffers;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

/// <summary>
/// A cooperative consumer of the classic protocol: it keeps what it has over a rebalance, gives up what it is not assigned
/// any more, and then joins again. As a leader it deals the partitions out, but none that another still has.
/// </summary>
internal sealed class ClassicClient(ShardDriver driver, string name, string? instance = null)
{
    private const short SubscriptionVersion = 1;

    private string _memberId = "";
    private JoinGroupReply? _joined;
    private RequestToken? _pending;

    public string MemberId => _memberId;

    public string Name { get; } = name;

    public string? Instance { get; } = instance;

    /// <summary>A protocol of which the client says what no consumer can read.</summary>
    public string? Torn { get; init; }

    /// <summary>The protocols it offers, the preferred one first.</summary>
    public string[] Protocols { get; init; } = ["cooperative"];

    public PartitionSet Owned { get; private set; } = PartitionSet.Empty;

    public bool IsSettled => _joined is not null && _pending is null;

    private TestTopics Topics => (TestTopics)driver.Topics;

    /// <summary>Whatever the client does next.</summary>
    public void Step()
    {
        if (_pending is { } token)
        {
            if (driver.Replies.TryGetValue(token, out var reply))
            {
                _pending = null;
                Take(reply);
            }
        }
        else if (_joined is null)
        {
            _pending = driver.Send(new JoinGroupCommand
            {
                GroupId = Group,
                MemberId = _memberId,
                GroupInstanceId = Instance,
                ClientId = Name,
                ClientHost = "/127.0.0.1",
                ProtocolType = "consumer",
                Protocols = [.. Protocols.Select(protocol => new JoinProtocol(protocol, protocol == Torn ? new byte[1] : Subscription()))],
                SessionTimeout = TimeSpan.FromSeconds(30),
                RebalanceTimeout = TimeSpan.FromSeconds(60),
                RequireKnownMemberId = true,
                SupportSkippingAssignment = true,
                MemberUuid = Uuid(Name),
            });
            Step();
        }
        else
        {
            Take(driver.Ask(Heartbeat(_joined) with { GroupInstanceId = Instance }));
        }
    }

    /// <summary>Topics may have changed: a consumer that sees that joins again.</summary>
    public void LookAtTopics() => _joined = _pending is null ? null : _joined;

    public void Leave()
    {
        if (_memberId.Length > 0)
        {
            driver.Send(Requests.Leave(_memberId, Instance));
        }

        Forget();
    }

    public void Forget()
    {
        _memberId = "";
        _pending = null;
        Lose();
    }

    private void Lose()
    {
        _joined = null;
        Owned = PartitionSet.Empty;
    }

    private void Take(GroupReply reply)
    {
        switch (reply)
        {
            case JoinGroupReply { ErrorCode: ErrorCode.None } joined:
                _memberId = joined.MemberId;
                _joined = joined;
                var leads = joined.LeaderId == joined.MemberId && joined.Members.Count > 0 && !joined.SkipAssignment;
                _pending = driver.Send(Sync(joined) with { GroupInstanceId = Instance, Assignments = leads ? Deal(joined.Members) : [] });
                break;
            case JoinGroupReply { ErrorCode: ErrorCode.MemberIdRequired } named:
                _memberId = named.MemberId;
                break;
            case SyncGroupReply { ErrorCode: ErrorCode.None } synced:
                var assigned = EmbeddedProtocol.ReadAssignment(synced.Assignment, Topics)!;
                var revokes = !Owned.IsSubsetOf(assigned);
                Owned = assigned;
                _joined = revokes ? null : _joined;
                break;
            case HeartbeatReply { ErrorCode: ErrorCode.None }:
                break;
            case JoinGroupReply refused:
                Refused(refused.ErrorCode);
                break;
            case SyncGroupReply refused:
                Refused(refused.ErrorCode);
                break;
            case HeartbeatReply refused:
                Refused(refused.ErrorCode);
                break;
            default:
                throw new InvalidOperationException(reply.ToString());
        }
    }

    private void Refused(ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.RebalanceInProgress or ErrorCode.CoordinatorNotAvailable:
                _joined = null;
                break;
            case ErrorCode.IllegalGeneration:
                Lose();
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.GroupMaxSizeReached:
                Forget();
                break;
            default:
                throw new InvalidOperationException($"{Name}: unexpected {error}");
        }
    }

    private byte[] Subscription()
    {
        var subscription = new ConsumerProtocolSubscription { Topics = ["orders"] };
        foreach (var topic in Owned.ByTopic)
        {
            if (Topics.TryGet(topic.Key, out var known))
            {
                subscription.OwnedPartitions.Add(new() { Topic = known.Name, Partitions = [.. topic] });
            }
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt16(SubscriptionVersion);
        subscription.Write(ref writer, SubscriptionVersion);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private List<MemberAssignment> Deal(IReadOnlyList<JoinedMember> members)
    {
        var owned = members.ToDictionary(member => member.MemberId, member => EmbeddedProtocol.Resolve(
            EmbeddedProtocol.ReadSubscription(member.Metadata)!.OwnedPartitions.Select(topic => (topic.Topic, topic.Partitions)), Topics));
        var target = UniformAssignor.Assign([.. members.Select(member => new AssignedMember(
            member.MemberId, member.GroupInstanceId, Topics.TryGet("orders", out var orders) ? [orders] : [], owned[member.MemberId]))]);
        return [.. members.Select(member => new MemberAssignment(member.MemberId, EmbeddedProtocol.WriteAssignment(
            target[member.MemberId].Where(partition => owned.All(other => other.Key == member.MemberId || !other.Value.Contains(partition))),
            member.Metadata,
            Topics)))];
    }
}
