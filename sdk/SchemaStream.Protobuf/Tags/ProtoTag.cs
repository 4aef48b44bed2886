namespace SchemaStream.Protobuf.Tags;

/// <summary>The tags of one message or field: what <c>(confluent.message_meta).tags</c> and <c>(confluent.field_meta).tags</c> hold.</summary>
/// <param name="Path">The message's name within its package, as <c>Order</c> or <c>Order.Line</c>; for a field, its name after that.</param>
/// <param name="Target">Whether the path leads to a message or to a field.</param>
/// <param name="Tags">The tags, in the order of the text.</param>
public sealed record ProtoTag(string Path, ProtoTagTarget Target, IReadOnlyList<string> Tags);

/// <summary>What tags are on.</summary>
public enum ProtoTagTarget
{
    /// <summary>A message.</summary>
    Message = 0,

    /// <summary>A field of a message.</summary>
    Field = 1,
}
