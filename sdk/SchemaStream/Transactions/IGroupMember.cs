using SchemaStream.Transport;

namespace SchemaStream.Transactions;

/// <summary>A consumer whose place in its group a transaction can vouch for.</summary>
internal interface IGroupMember
{
    /// <summary>The member.</summary>
    IConsumerTransport Transport { get; }
}
