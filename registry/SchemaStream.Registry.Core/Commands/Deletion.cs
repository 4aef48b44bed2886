namespace SchemaStream.Registry.Core.Commands;

/// <summary>The two steps of deletion, in their order.</summary>
public enum Deletion
{
    /// <summary>Hidden, but still to be had by id.</summary>
    Soft = 0,

    /// <summary>Gone.</summary>
    Permanent = 1,
}
