namespace SchemaStream.Contracts;

/// <summary>What to do with a topic that has no contract yet.</summary>
internal enum UnboundTopic
{
    /// <summary>Bind it: who writes, or makes the topic, says what it carries.</summary>
    Bind = 0,

    /// <summary>Leave it: a reader does not decide what others write.</summary>
    Leave = 1,
}
