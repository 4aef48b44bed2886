namespace SchemaStream.Registry.Core.Records;

/// <summary>A fact of the log, understood. Replaying facts in order is the only thing that changes a registry.</summary>
public abstract record RegistryRecord
{
    public virtual LogName Log => LogName.Schemas;
}

/// <summary>A version of a subject; null is its permanent deletion.</summary>
public sealed record SchemaRecord(SubjectVersion Key, SchemaRecordValue? Value) : RegistryRecord;

/// <summary>What a version holds.</summary>
public sealed record SchemaRecordValue(int Id, SchemaContent Content, VersionState State);

/// <summary>Whether a version is live.</summary>
public enum VersionState
{
    Live = 0,

    /// <summary>Deleted, but still to be had by id; permanent deletion comes next.</summary>
    SoftDeleted = 1,
}

/// <summary>Configuration of a subject (or of a context, by an empty name); null subject is global, null value unset.</summary>
public sealed record ConfigRecord(Subject? Subject, SubjectConfig? Value) : RegistryRecord;

/// <summary>Mode of a subject (or of a context, by an empty name); null subject is global, null mode unset.</summary>
public sealed record ModeRecord(Subject? Subject, RegistryMode? Mode) : RegistryRecord;

/// <summary>Soft deletion of all versions of a subject up to one, inclusive.</summary>
public sealed record DeleteSubjectRecord(Subject Subject, int UpToVersion) : RegistryRecord;

/// <summary>Everything of a subject is gone for good.</summary>
public sealed record ClearSubjectRecord(Subject Subject) : RegistryRecord;

/// <summary>A context that is listed, or that no longer is. The default context needs no record.</summary>
public sealed record ContextRecord(string Context, ContextPresence Presence) : RegistryRecord;

/// <summary>Whether a context is listed.</summary>
public enum ContextPresence
{
    Listed = 0,

    /// <summary>It was deleted, empty as it was.</summary>
    Gone = 1,
}

/// <summary>A claim on a topic's types; the first claim on a slot wins.</summary>
public sealed record BindRecord(
    string Topic, SlotContract? Key, SlotContract? Value, ContractBinding Binding, DateTimeOffset At, string By)
    : RegistryRecord
{
    /// <summary>The topic whose place this one takes.</summary>
    public string? Predecessor { get; init; }

    public override LogName Log => LogName.Contracts;
}

/// <summary>The end of a contract, after its topic is gone.</summary>
public sealed record UnbindRecord(string Topic, DateTimeOffset At, string By) : RegistryRecord
{
    public override LogName Log => LogName.Contracts;
}
