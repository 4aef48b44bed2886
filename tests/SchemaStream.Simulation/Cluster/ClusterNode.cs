using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Simulation.Quorum;

namespace SchemaStream.Simulation.Cluster;

/// <summary>One machine: its disks, which outlive its processes, and the process that runs on it now, if one does.</summary>
internal sealed class ClusterNode(int id, VoterSet voters, Guid directoryId)
{
    public int Id { get; } = id;

    public NodeId NodeId => new(Id);

    public Guid DirectoryId { get; } = directoryId;

    /// <summary>For the metadata log.</summary>
    public QuorumDisk QuorumDisk { get; } = new(voters);

    /// <summary>For the partitions.</summary>
    public MemoryDisk Disk { get; } = new();

    public NodeProcess? Process { get; set; }

    /// <summary>How far its clock is ahead of the world's.</summary>
    public long ClockAheadMs { get; set; }

    /// <summary>Its disk is slow: until then it does nothing, and what reaches it waits.</summary>
    public long BusyUntilMs { get; set; }
}
