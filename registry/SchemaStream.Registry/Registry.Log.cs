using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry;

/// <summary>What the registry tells its operators.</summary>
internal static partial class RegistryMessages
{
    [LoggerMessage(2001, LogLevel.Information, "Registry serves at {Address}: {Subjects} subjects, {Contracts} contracts")]
    public static partial void Started(ILogger logger, Uri address, int subjects, int contracts);

    [LoggerMessage(2002, LogLevel.Information, "Registry stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(2003, LogLevel.Error, "The registry's log refused a batch")]
    public static partial void AppendFailed(ILogger logger, Exception failure);

    [LoggerMessage(2004, LogLevel.Error, "A command could not be decided")]
    public static partial void DecisionFailed(ILogger logger, Exception failure);

    [LoggerMessage(2005, LogLevel.Warning, "Let in against an implicit contract: {Refusal}")]
    public static partial void LetInAgainstContract(ILogger logger, string refusal);

    [LoggerMessage(2006, LogLevel.Information, "Refused {Method} {Path}: {Status}, {ErrorCode} {Reason}")]
    public static partial void Refused(
        ILogger logger, string method, string path, int status, int errorCode, string reason);

    [LoggerMessage(2007, LogLevel.Debug, "Not found {Method} {Path}: {ErrorCode} {Reason}")]
    public static partial void NotFound(ILogger logger, string method, string path, int errorCode, string reason);

    [LoggerMessage(2008, LogLevel.Error, "A request failed: {Method} {Path}")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception failure);

    [LoggerMessage(2070, LogLevel.Debug, "Topics are not looked up now: {Reason}")]
    public static partial void TopicsNotAsked(ILogger logger, string reason);

    [LoggerMessage(2071, LogLevel.Warning, "What the configs of topic {Topic} state is not its contract: {Refusal}")]
    public static partial void StatedTypeRefused(ILogger logger, string topic, string refusal);

    [LoggerMessage(2020, LogLevel.Warning, "A write to the registry's log was interrupted; it is looked up and, where it is not there, decided anew")]
    public static partial void AppendInterrupted(ILogger logger, Exception failure);

    [LoggerMessage(2021, LogLevel.Error, "A record of the log {Log} at offset {Offset} is passed over")]
    public static partial void RecordPassedOver(ILogger logger, LogName log, long offset, Exception failure);

    [LoggerMessage(2022, LogLevel.Warning, "Reading {Topic} was interrupted at offset {Offset}; it goes on in {Wait}")]
    public static partial void TailInterrupted(ILogger logger, string topic, long offset, TimeSpan wait, Exception failure);

    [LoggerMessage(2023, LogLevel.Information, "This instance writes to {Topic} as producer {ProducerId} in epoch {ProducerEpoch}, from offset {Offset} on")]
    public static partial void WritesToLog(ILogger logger, string topic, long producerId, short producerEpoch, long offset);

    [LoggerMessage(2024, LogLevel.Debug, "A write to {Topic} is tried again")]
    public static partial void WriteRetried(ILogger logger, string topic, Exception failure);

    [LoggerMessage(2025, LogLevel.Information, "Group {Group} is led by {Leader} (this instance: {IsSelf})")]
    public static partial void LeaderIs(ILogger logger, string group, string leader, bool isSelf);

    [LoggerMessage(2026, LogLevel.Warning, "Membership of group {Group} was interrupted")]
    public static partial void ElectionInterrupted(ILogger logger, string group, Exception failure);

    [LoggerMessage(2027, LogLevel.Error, "Two instances of group {Group} have the same URL, so nobody leads; give each its own host.name or port")]
    public static partial void DuplicateUrls(ILogger logger, string group);

    [LoggerMessage(2028, LogLevel.Warning, "A write could not be forwarded to the leader {Leader}")]
    public static partial void ForwardFailed(ILogger logger, string leader, Exception failure);

    [LoggerMessage(2029, LogLevel.Warning, "Implicit contracts without a schema were withdrawn, for the last leader ended before it wrote their schemas: {Topics}")]
    public static partial void ClaimsWithdrawn(ILogger logger, string topics);

    [LoggerMessage(2030, LogLevel.Warning, "The log could not be taken over: {Reason}")]
    public static partial void TakeOverFailed(ILogger logger, string reason);

    [LoggerMessage(2031, LogLevel.Information, "{Records} records of the registry that ran alone were taken over; its file is {File} now")]
    public static partial void TakenOver(ILogger logger, long records, string file);

    [LoggerMessage(2032, LogLevel.Warning, "The registry's topics hold records already, so those of {File} are left where they are")]
    public static partial void NotTakenOver(ILogger logger, string file);

    [LoggerMessage(2033, LogLevel.Critical, "The log cannot be read any further, so nothing is written any more; restart this instance")]
    public static partial void LaneEnded(ILogger logger, Exception failure);

    [LoggerMessage(2034, LogLevel.Error, "Group {Group} is led by {Leader}, whose log is in the topics {Theirs}, and this instance's in {Ours}: it writes nothing; give one of the registries another schema.registry.group.id")]
    public static partial void AnotherLog(ILogger logger, string group, string leader, string theirs, string ours);

    [LoggerMessage(2035, LogLevel.Information, "Another instance writes to {Topic}; this one joins the group")]
    public static partial void NotAlone(ILogger logger, string topic);

    [LoggerMessage(2040, LogLevel.Warning, "Denied to {Caller}: {Method} {Path}: {Reason}")]
    public static partial void Denied(ILogger logger, string caller, string method, string path, string reason);
}
