namespace SchemaStream.Registry.Core.Contracts;

/// <summary>What is known of a topic on its cluster, when its contract is to end.</summary>
public enum TopicPresence
{
    /// <summary>The registry runs alone: there is no cluster to ask.</summary>
    Unknown = 0,

    /// <summary>The cluster has the topic.</summary>
    Exists = 1,

    /// <summary>The cluster does not have it any more.</summary>
    Gone = 2,

    /// <summary>There is no cluster to ask, and an administrator says that the topic is gone: <c>force=true</c>.</summary>
    SaidToBeGone = 3,
}
