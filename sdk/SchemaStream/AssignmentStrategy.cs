namespace SchemaStream;

/// <summary>How the members of a group share the partitions of a topic.</summary>
public enum AssignmentStrategy
{
    /// <summary>Neighbouring partitions to each member; what Kafka's own clients do unless told otherwise.</summary>
    Range = 0,

    /// <summary>One to each in turn.</summary>
    RoundRobin = 1,

    /// <summary>Members keep what they have as others come and go, and read on meanwhile.</summary>
    CooperativeSticky = 2,
}
