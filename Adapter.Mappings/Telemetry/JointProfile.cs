using Adapter.Contracts.Telemetry;
using AutoMapper;

namespace Adapter.Mappings.Telemetry;

/// <summary>Wire contract to canonical record. Codes need the tables and are read by <see cref="EventCodes"/>.</summary>
internal sealed class JointProfile : Profile
{
    public JointProfile()
    {
        CreateMap<JointLockStatus, SealState>()
            .ForCtorParam(nameof(SealState.Locked), o => o.MapFrom(s => JointReading.Is(s.LockStatus, s.Polarity.Locked)))
            .ForCtorParam(nameof(SealState.RopeInserted), o => o.MapFrom(s => JointReading.Is(s.LockRope, s.Polarity.RopeInserted)))
            .ForCtorParam(nameof(SealState.CoverClosed), o => o.MapFrom(s => JointReading.Is(s.BackCover, s.Polarity.CoverClosed)));

        CreateMap<JointLocationPush, LockReport>()
            .ForCtorParam(nameof(LockReport.Lock), o => o.MapFrom(p => LockId.Parse(p.AssetId)))
            .ForCtorParam(nameof(LockReport.SubLock), o => o.MapFrom(p => JointReading.SubLock(p.SubAssetId)))
            .ForCtorParam(nameof(LockReport.Route), o => o.MapFrom(p => ReportRoute.Location))
            .ForCtorParam(nameof(LockReport.DeviceTime), o => o.MapFrom(p => WireTime.Parse(p.GpsTime)))
            .ForCtorParam(nameof(LockReport.CloudTime), o => o.MapFrom(p => WireTime.Parse(p.RecvTime)))
            .ForCtorParam(nameof(LockReport.EndedAt), o => o.MapFrom(p => (DateTimeOffset?)null))
            .ForCtorParam(nameof(LockReport.Position), o => o.MapFrom(p => GeoPoint.From(p.Latitude, p.Longitude)))
            .ForCtorParam(nameof(LockReport.Fix), o => o.MapFrom(p => JointReading.Fix(p.LocType, p.Latitude, p.Longitude)))
            .ForCtorParam(nameof(LockReport.State), o => o.MapFrom(p => p.Status))
            .ForCtorParam(nameof(LockReport.Motion), o => o.MapFrom(p => new Motion(JointReading.NotNegative(p.Speed), JointReading.Degrees(p.Direction), JointReading.NotNegative(p.Mileage))))
            .ForCtorParam(nameof(LockReport.Power), o => o.MapFrom(p => JointReading.Power(p.Battery)))
            .ForCtorParam(nameof(LockReport.Events), o => o.MapFrom(p => Array.Empty<ReportedEvent>()))
            .ForCtorParam(nameof(LockReport.SourceMessageId), o => o.MapFrom(p => (string?)null));

        CreateMap<JointMessageRow, LockReport>()
            .ForCtorParam(nameof(LockReport.Lock), o => o.MapFrom(r => LockId.Parse(r.AssetId)))
            .ForCtorParam(nameof(LockReport.SubLock), o => o.MapFrom(r => JointReading.SubLock(r.SubAssetId)))
            .ForCtorParam(nameof(LockReport.Route), o => o.MapFrom(r => ReportRoute.Alarm))
            .ForCtorParam(nameof(LockReport.DeviceTime), o => o.MapFrom(r => WireTime.Parse(r.StartTime)))
            .ForCtorParam(nameof(LockReport.CloudTime), o => o.MapFrom(r => WireTime.Parse(r.RecvTime)))
            .ForCtorParam(nameof(LockReport.EndedAt), o => o.MapFrom(r => WireTime.Parse(r.EndTime)))
            .ForCtorParam(nameof(LockReport.Position), o => o.MapFrom(r => GeoPoint.From(r.Latitude, r.Longitude)))
            .ForCtorParam(nameof(LockReport.Fix), o => o.MapFrom(r => JointReading.Fix(r.LocType, r.Latitude, r.Longitude)))
            .ForCtorParam(nameof(LockReport.State), o => o.MapFrom(r => r.Status))
            .ForCtorParam(nameof(LockReport.Motion), o => o.MapFrom(r => new Motion(JointReading.NotNegative(r.Speed), JointReading.Degrees(r.Direction), JointReading.NotNegative(r.Mileage))))
            .ForCtorParam(nameof(LockReport.Power), o => o.MapFrom(r => JointReading.Power(r.Battery)))
            .ForCtorParam(nameof(LockReport.Events), o => o.MapFrom(r => Array.Empty<ReportedEvent>()))
            .ForCtorParam(nameof(LockReport.SourceMessageId), o => o.MapFrom(r => JointReading.SourceId(r.RowId)));
    }
}
