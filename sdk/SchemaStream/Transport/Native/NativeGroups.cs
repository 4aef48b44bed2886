using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary><c>rd_kafka_group_list</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeGroups
{
    public NativeGroup* Groups;
    public int Count;
}

/// <summary><c>rd_kafka_group_info</c>, with the broker that said so.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeGroup
{
    public int BrokerId;
    public byte* BrokerHost;
    public int BrokerPort;
    public byte* Name;
    public int Error;
    public byte* State;
    public byte* ProtocolType;
    public byte* Protocol;
    public NativeGroupMember* Members;
    public int MemberCount;
}

/// <summary><c>rd_kafka_group_member_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeGroupMember
{
    public byte* MemberId;
    public byte* ClientId;
    public byte* ClientHost;
    public byte* Metadata;
    public int MetadataLength;
    public byte* Assignment;
    public int AssignmentLength;

    /// <summary>How many partitions of a topic it has; null when what it has is in no form that is known here.</summary>
    public readonly int? CountPartitions(string topic) => MemberAssignment.CountPartitions(new ReadOnlySpan<byte>(Assignment, AssignmentLength), topic);
}
