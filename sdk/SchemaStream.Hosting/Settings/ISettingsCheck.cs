namespace SchemaStream.Hosting.Settings;

/// <summary>Settings of one part of the program, checked with all others when the host starts.</summary>
internal interface ISettingsCheck
{
    /// <summary>What is wrong with them: key, value and what was expected, one sentence each.</summary>
    IEnumerable<string> Wrong { get; }
}
