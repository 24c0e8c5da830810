from django.urls import path
from django.views.decorators.http import conditional_page

from spaces.api import (
    allocations,
    area_vacancy,
    areas,
    changes,
    figures,
    floorplans,
    intervals,
    pipeline,
    places,
    restatements,
    units,
    vacancies,
)

urlpatterns = [
    path("areas/summary/", areas.AreaSummary.as_view(), name="api-area-summary"),
    path("areas/trend/", areas.AreaTrend.as_view(), name="api-area-trend"),
    path("areas/vacancy/", area_vacancy.AreaVacancy.as_view(), name="api-area-vacancy"),
    path("pipeline/", pipeline.PipelineRead.as_view(), name="api-pipeline"),
    path("ecosystems/", places.EcosystemList.as_view(), name="api-ecosystem-list"),
    path("ecosystems/<str:code>/", places.EcosystemRead.as_view(), name="api-ecosystem-detail"),
    path("parks/", places.ParkList.as_view(), name="api-park-list"),
    path("parks/<str:code>/", places.ParkRead.as_view(), name="api-park-detail"),
    path("buildings/<str:code>/", places.BuildingRead.as_view(), name="api-building-detail"),
    path("floors/", places.FloorList.as_view(), name="api-floor-list"),
    path("floors/<str:node>/plan/", floorplans.FloorPlanRead.as_view(), name="api-floor-plan"),
    path("units/", units.UnitList.as_view(), name="api-unit-list"),
    path("units/<str:code>/", conditional_page(units.UnitRead.as_view()), name="api-unit-detail"),
    path("units/<str:code>/intervals/", intervals.UnitIntervals.as_view(), name="api-unit-intervals"),
    path("vacancies/", conditional_page(vacancies.VacancyList.as_view()), name="api-vacancy-list"),
    path("allocations/", allocations.AllocationList.as_view(), name="api-allocation-list"),
    path("holdovers/", allocations.HoldoverList.as_view(), name="api-holdover-list"),
    path("figures/", figures.FigureList.as_view(), name="api-figure-list"),
    path("indicators/", figures.IndicatorList.as_view(), name="api-indicator-list"),
    path("restatements/", restatements.RestatementList.as_view(), name="api-restatement-list"),
    path("changes/", changes.ChangeList.as_view(), name="api-change-list"),
]
