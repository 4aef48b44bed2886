namespace SchemaStream.Protocol;

/// <summary>A struct of a message, which can be given back to its message to be used again.</summary>
public interface IMessagePart<TMessage>
    where TMessage : class
{
    /// <summary>Takes every field back to its default; the structs in it go to the message's spares.</summary>
    void Reset(TMessage message);
}
