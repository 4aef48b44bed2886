namespace SchemaStream.Transport;

/// <summary>Why nothing of a partition is fetched; several may hold at once.</summary>
[Flags]
internal enum PauseReasons
{
    /// <summary>It is fetched.</summary>
    None = 0,

    /// <summary>The application has paused it: what is fetched already is not handed out either.</summary>
    Application = 1,

    /// <summary>Its first record is for later: as with <see cref="Application"/>.</summary>
    NotDue = 2,

    /// <summary>Handlers are behind: what is fetched already still goes to them.</summary>
    Backlog = 4,
}
