using System.Text;
using SchemaStream.Broker.Coordination.Commands;

namespace SchemaStream.Broker.Coordination.Tests;

/// <summary>Commands as the stories need them, with what does not matter filled in.</summary>
internal static class Requests
{
    public const string Group = "orders";

    public static JoinGroupCommand Join(string name, string memberId = "", string? instance = null, string protocols = "range", string group = Group) =>
        new()
        {
            GroupId = group,
            MemberId = memberId,
            GroupInstanceId = instance,
            ClientId = name,
            ClientHost = "/127.0.0.1",
            ProtocolType = "consumer",
            Protocols = [.. protocols.Split(',').Select(protocol => new JoinProtocol(protocol, Bytes($"{name}/{protocol}")))],
            SessionTimeout = TimeSpan.FromSeconds(10),
            RebalanceTimeout = TimeSpan.FromSeconds(60),
            MemberUuid = Uuid(name),
        };

    public static SyncGroupCommand Sync(JoinGroupReply joined, params string[] assignments) => new()
    {
        GroupId = Group,
        GenerationId = joined.GenerationId,
        MemberId = joined.MemberId,
        ProtocolType = joined.ProtocolType,
        ProtocolName = joined.ProtocolName,
        Assignments = [.. assignments.Select(text => text.Split('=')).Select(pair => new MemberAssignment(pair[0], Bytes(pair[1])))],
    };

    public static HeartbeatCommand Heartbeat(JoinGroupReply joined) => new(Group, joined.GenerationId, joined.MemberId, null);

    public static LeaveGroupCommand Leave(string memberId, string? instance = null) => new(Group, [new LeavingMember(memberId, instance)]);

    public static OffsetCommitCommand Commit(long offset, JoinGroupReply? member = null, string topic = "orders", int partition = 0) => new()
    {
        GroupId = Group,
        GenerationIdOrMemberEpoch = member?.GenerationId ?? -1,
        MemberId = member?.MemberId ?? "",
        Topics = [new TopicCommit(topic, [new PartitionCommit(partition, offset, 3, "note")])],
    };

    public static OffsetFetchCommand FetchAll(string group = Group) => new() { GroupId = group };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The same name, the same id: scripts can be read and repeated.</summary>
    public static Guid Uuid(string name)
    {
        var bytes = new byte[16];
        Bytes(name).AsSpan(0, Math.Min(16, name.Length)).CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
