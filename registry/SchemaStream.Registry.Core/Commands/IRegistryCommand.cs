using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>A wish to change the registry.</summary>
/// <remarks>Deciding reads the image and changes nothing; what it decides takes effect when its records are replayed.</remarks>
public interface IRegistryCommand<TReply>
    where TReply : notnull
{
    Decision<TReply> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now);
}

/// <summary>Records to append, in order, and what to answer once they are durable; or a refusal.</summary>
public sealed class Decision<TReply>
    where TReply : notnull
{
    public Decision(
        Outcome<TReply> reply, IReadOnlyList<RegistryRecord>? records = null, IReadOnlyList<string>? warnings = null)
    {
        Reply = reply;
        Records = reply.Error is null ? records ?? [] : [];
        Warnings = warnings ?? [];
    }

    public Outcome<TReply> Reply { get; }

    /// <summary>Empty when refused, and when everything is as wished already.</summary>
    public IReadOnlyList<RegistryRecord> Records { get; }

    /// <summary>What was let happen although it should not: for the log.</summary>
    public IReadOnlyList<string> Warnings { get; }

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2225", Justification = "A refusal is returned as such, without ceremony.")]
    public static implicit operator Decision<TReply>(RegistryError error) => new(error);
}
