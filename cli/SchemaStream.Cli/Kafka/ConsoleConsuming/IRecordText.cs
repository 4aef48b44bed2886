using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary>Writes records as one of the formatters prints them.</summary>
internal interface IRecordText
{
    /// <exception cref="ToolFailedException">The record is not what it is to be read as.</exception>
    void Write(Stream output, in RecordOrigin origin, in RecordView record);
}
